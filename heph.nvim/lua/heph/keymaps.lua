--- Keys in the buffers of heph, and nowhere else. `:help heph-keys` lists them.
local M = {}

---@param buf integer
---@param mode string|string[]
---@param keys string
---@param plug string
---@param what string
local function map(buf, mode, keys, plug, what)
  local to = ('<Plug>(heph-%s)'):format(plug)
  vim.keymap.set(mode, keys, to, { buffer = buf, remap = true, desc = 'heph: ' .. what })
end

---@param buf integer
function M.list(buf)
  if not require('heph.config').get().keymaps then
    return
  end
  map(buf, 'n', '<CR>', 'open', 'open what the line stands for')
  map(buf, { 'n', 'x' }, 'D', 'done', 'mark done')
  map(buf, { 'n', 'x' }, 'X', 'drop', 'drop')
  map(buf, { 'n', 'x' }, 'S', 'skip', 'let this occurrence pass')
  map(buf, 'n', 'A', 'note', 'note something')
  map(buf, 'n', 'U', 'undo', 'take back the newest change')
end

---@param buf integer
function M.document(buf)
  if not require('heph.config').get().keymaps then
    return
  end
  map(buf, 'n', '<CR>', 'enter', 'follow the link, or change the checkbox')
  map(buf, 'n', 'gf', 'follow', 'follow the link')
  map(buf, { 'n', 'x' }, '<LocalLeader>x', 'cycle', 'change the checkbox')
  map(buf, 'n', '<LocalLeader>p', 'promote', 'make the line a task')
  map(buf, 'x', '<LocalLeader>p', 'promote', 'make the lines tasks')
  map(buf, { 'n', 'x' }, '<LocalLeader>l', 'linkify', 'make the words a link')
  map(buf, 'x', '<LocalLeader>e', 'extract', 'make the text a document of its own')
  map(buf, 'n', '<LocalLeader>b', 'backlinks', 'what links here')
  map(buf, 'n', '<LocalLeader>i', 'insert-link', 'put a link here')
end

return M
