--- The one way to tell the person something.
local M = {}

--- It has been done.
---@param text string
function M.done(text)
  vim.notify('heph: ' .. require('heph.visible').visible(text), vim.log.levels.INFO)
end

--- Nothing is wrong, but look.
---@param text string
function M.warn(text)
  vim.notify('heph: ' .. require('heph.visible').visible(text), vim.log.levels.WARN)
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
