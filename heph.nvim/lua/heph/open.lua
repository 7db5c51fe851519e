--- Buffers into windows.
local M = {}

--- How long to wait for what was asked: with a screen only so that keys typed ahead, and
--- maps that go on after a command, find the text; without one, until it is there.
local TYPED_AHEAD_MS = 100
local HEADLESS_MS = 60000

--- Whether a command of ours opens a buffer, and waits itself for what comes then.
local is_within = false

--- Wait for answers for a moment; where nobody looks, until they are there.
function M.settle()
  local is_headless = #vim.api.nvim_list_uis() == 0
  local came = require('heph.client').settle(is_headless and HEADLESS_MS or TYPED_AHEAD_MS)
  if is_headless and not came then
    require('heph.say').cannot('cannot go on: hephd has not answered')
  end
end

--- Open a buffer of heph in a window: the current one, unless another is named and there.
---@param uri string
---@param win integer?
function M.edit(uri, win)
  local function edit()
    -- Names hold characters that the command line would read as something else.
    return vim.cmd.edit({ args = { uri }, magic = { file = false, bar = false } })
  end
  local ok, wrong
  is_within = true
  local is_elsewhere = win and win ~= vim.api.nvim_get_current_win()
  if is_elsewhere and vim.api.nvim_win_is_valid(win) then
    ok, wrong = pcall(vim.api.nvim_win_call, win, edit)
  else
    ok, wrong = pcall(edit)
  end
  is_within = false
  M.settle()
  if not ok then
    local reason = tostring(wrong):match('E%d+:.*') or tostring(wrong)
    require('heph.say').cannot('cannot open it here: ' .. vim.split(reason, '\n')[1])
  end
end

--- Whoever wants to know hears that a buffer has its text. A modeline in it is text.
---@param event 'HephListLoaded'|'HephDocumentLoaded'
---@param buf integer
function M.tell(event, buf)
  local options = { pattern = event, data = { buf = buf }, modeline = false }
  vim.api.nvim_exec_autocmds('User', options)
end

--- What `BufReadCmd` does.
---@param buf integer
---@param name string
function M.read(buf, name)
  local uri = require('heph.uri').parse(name)
  if not uri then
    local hint = 'see: :help heph-uri'
    return require('heph.say').cannot(('cannot open %s: no such thing'):format(name), hint)
  end
  if uri.kind == 'list' then
    require('heph.list').open(buf, uri)
  else
    require('heph.document').open(buf, uri)
  end
  if not is_within then
    M.settle()
  end
end

return M
