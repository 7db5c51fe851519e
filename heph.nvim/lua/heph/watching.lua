--- While a buffer of heph is loaded, it is told what changes elsewhere.
local M = {}

--- Changes come in bursts; a list is asked for once after each.
local PAUSE_MS = 100

---@type table<integer, true>
local loaded = {}
local is_due = false

local function is_shown(buf)
  return vim.fn.bufwinid(buf) ~= -1
end

---@param change table? nil: everything may have changed
local function told(change)
  require('heph.document').changed(change)
  if is_due then
    return
  end
  is_due = true
  vim.defer_fn(function()
    is_due = false
    require('heph.list').changed(is_shown)
  end, PAUSE_MS)
end

---@param buf integer
function M.begin(buf)
  local client = require('heph.client')
  if not loaded[buf] then
    loaded[buf] = true
    local group = vim.api.nvim_create_augroup('heph-buffer-' .. buf, {})
    vim.api.nvim_create_autocmd({ 'BufUnload', 'BufWipeout' }, {
      group = group,
      buffer = buf,
      callback = function()
        M.finish(buf)
        vim.api.nvim_del_augroup_by_id(group)
      end,
    })
    vim.api.nvim_create_autocmd('BufWinEnter', {
      group = group,
      buffer = buf,
      callback = function()
        require('heph.list').entered(buf)
        require('heph.document').entered(buf)
      end,
    })
  end
  if not client.is_watching() then
    client.watch(told)
  end
end

---@param buf integer
function M.finish(buf)
  loaded[buf] = nil
  require('heph.list').forget(buf)
  require('heph.document').forget(buf)
  if next(loaded) == nil then
    require('heph.client').unwatch()
  end
end

return M
