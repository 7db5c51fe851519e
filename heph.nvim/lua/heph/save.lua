--- `:w` of a text: through the daemon, on the version that it began as.
local body = require('heph.body')
local client = require('heph.client')
local document = require('heph.document')
local say = require('heph.say')

local M = {}

--- How long `:w` waits for the answer, so that `:wq` knows. It comes later all the same.
local PATIENCE_MS = 2000

---@class heph.Save
---@field tick integer of the text that was sent
---@field is_again boolean `:w` came once more meanwhile

---@param buf integer
---@return string
local function text_of(buf)
  return body.from_lines({
    lines = vim.api.nvim_buf_get_lines(buf, 0, -1, false),
    fileformat = vim.bo[buf].fileformat == 'dos' and 'dos' or 'unix',
    endofline = vim.bo[buf].endofline,
  })
end

---@param buf integer
---@param doc heph.Document
---@param row table
local function saved(buf, doc, row)
  doc.version = row.version
  doc.told_version = nil
  document.took(buf, row)
  if vim.api.nvim_buf_get_changedtick(buf) == doc.save.tick then
    vim.bo[buf].modified = false
  end
  require('heph.conflict').close(buf)
  say.done('saved ' .. say.named(row.title))
end

local send

--- The save is over. What came up meanwhile is done now.
---@param buf integer
---@param doc heph.Document
---@param was_saved boolean?
local function finish(buf, doc, was_saved)
  local is_again = doc.save.is_again
  doc.save = nil
  if document.of(buf) ~= doc then
    return
  end
  if is_again and was_saved and vim.bo[buf].modified then
    send(buf)
  elseif doc.is_stale then
    document.refresh(buf)
  end
end

--- Send the text as it is now.
---@param buf integer
function send(buf)
  local doc = assert(document.of(buf))
  doc.save = { tick = vim.api.nvim_buf_get_changedtick(buf), is_again = false }
  local method, params = require('heph.uri').method(doc.uri, 'write')
  params.body = text_of(buf)
  params.if_version = doc.version
  client.change(method, params, function(problem, row)
    local is_here = document.of(buf) == doc
    if is_here and problem and problem.code == 'conflict' then
      return require('heph.conflict').show(buf, function()
        finish(buf, doc)
      end)
    end
    if problem then
      say.problem(problem)
    elseif is_here then
      saved(buf, doc, row)
    end
    finish(buf, doc, not problem)
  end)
end

--- What `:w` does. Waits a moment for the answer; where it has not come, the text stays
--- 'modified', and the answer clears that when it comes.
---@param buf integer
---@param name string where it is written to
function M.write(buf, name)
  local doc = document.of(buf)
  if not doc or name ~= vim.api.nvim_buf_get_name(buf) then
    return say.cannot(('cannot write to %s: only what was opened from there'):format(name))
  end
  if not doc.version then
    return say.cannot('cannot save: the text was never loaded', ':e loads it')
  end
  local line = body.not_utf8(vim.api.nvim_buf_get_lines(buf, 0, -1, false))
  if line then
    return say.cannot(('cannot save: line %d is not UTF-8; nothing was changed'):format(line))
  end
  vim.api.nvim_exec_autocmds('BufWritePre', { buffer = buf, modeline = false })
  if doc.save then
    doc.save.is_again = true
  else
    send(buf)
  end
  vim.wait(PATIENCE_MS, function()
    return doc.save == nil
  end, 5)
  if doc.save then
    return say.warn('not saved yet: hephd has not answered; it goes on by itself')
  end
  if not vim.bo[buf].modified then
    vim.api.nvim_exec_autocmds('BufWritePost', { buffer = buf, modeline = false })
  end
end

return M
