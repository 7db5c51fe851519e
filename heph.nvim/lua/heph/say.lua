--- The one way to tell the person something.
local M = {}

--- A title in a message takes so many columns at most: one that does not fit on the last
--- line of the screen has to be confirmed.
local TITLE_COLUMNS_MAX = 26

--- A title as messages name it.
---@param title string
---@return string
function M.named(title)
  local visible = require('heph.visible')
  return '"' .. visible.fit(visible.visible(title), TITLE_COLUMNS_MAX) .. '"'
end

--- It has been done.
---@param text string
function M.done(text)
  vim.notify('heph: ' .. text, vim.log.levels.INFO)
end

--- Nothing is wrong, but look. Who is typing is told afterwards: leaving insert mode would
--- wipe it away.
---@param text string
function M.warn(text)
  local function warn()
    vim.notify('heph: ' .. text, vim.log.levels.WARN)
  end
  if not vim.api.nvim_get_mode().mode:find('^[iR]') then
    return warn()
  end
  local once = { once = true, callback = vim.schedule_wrap(warn) }
  vim.api.nvim_create_autocmd('InsertLeave', once)
end

--- It cannot be done. Also in `v:errmsg`, for a script that has no screen.
---@param message string begins with "cannot" and names the thing
---@param hint string? what to do about it
function M.cannot(message, hint)
  local text = 'heph: ' .. message .. (hint and ('\n' .. hint) or '')
  vim.notify(text, vim.log.levels.ERROR)
  vim.v.errmsg = text
end

--- What an answer says is wrong.
---@param problem heph.Problem
function M.problem(problem)
  M.cannot(require('heph.explain').explain(problem))
end

--- An answer's receiver that speaks of what went wrong, and else hands the result on.
---@param receive fun(result: any)
---@return heph.Answer
function M.unless_problem(receive)
  return function(problem, result)
    if problem then
      M.problem(problem)
    else
      receive(result)
    end
  end
end

return M
