--- What there is before anything of heph is used: names. Nothing is required here.
if vim.g.loaded_heph then
  return
end
vim.g.loaded_heph = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.api.nvim_echo({ { 'heph: cannot run: it needs Neovim 0.10 or newer', 'ErrorMsg' } }, true, {})
  return
end

vim.api.nvim_create_user_command('Heph', function(given)
  require('heph.commands').run(given)
end, {
  nargs = '*',
  range = true,
  desc = 'heph: tasks and notes',
  complete = function(...)
    return require('heph.command_line').words(...)
  end,
})

local group = vim.api.nvim_create_augroup('heph', {})
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'heph://*',
  nested = true,
  callback = function(event)
    require('heph.open').read(event.buf, event.match)
  end,
})
vim.api.nvim_create_autocmd('BufWriteCmd', {
  group = group,
  pattern = 'heph://*',
  nested = true,
  callback = function(event)
    require('heph.save').write(event.buf, event.match)
  end,
})
vim.api.nvim_create_autocmd('VimLeavePre', {
  group = group,
  callback = function()
    -- What was asked for is sent; who never used heph has nothing to wait for.
    if package.loaded['heph.client'] then
      require('heph.client').settle_changes(2000)
    end
  end,
})

---@param name string
---@param to string|function
---@param modes string|string[]
local function plug(name, to, modes)
  vim.keymap.set(modes, ('<Plug>(heph-%s)'):format(name), to, { desc = 'heph: ' .. name })
end

for _, name in ipairs({ 'home', 'today', 'journals', 'next', 'list', 'search', 'task', 'undo' }) do
  plug(name, ('<Cmd>Heph %s<CR>'):format(name), 'n')
end
for _, name in ipairs({ 'done', 'drop', 'skip', 'promote', 'linkify' }) do
  plug(name, ('<Cmd>Heph %s<CR>'):format(name), 'n')
  plug(name, (':Heph %s<CR>'):format(name), 'x')
end
for _, name in ipairs({ 'backlinks', 'context', 'log' }) do
  plug(name, ('<Cmd>Heph %s<CR>'):format(name), 'n')
end
plug('extract', ':Heph extract<CR>', 'x')
plug('find', '<Cmd>Heph open<CR>', 'n')
plug('open', function()
  require('heph.follow').open()
end, 'n')
plug('follow', function()
  require('heph.follow').follow('gf')
end, 'n')
plug('enter', function()
  require('heph.follow').enter()
end, 'n')
plug('cycle', function()
  local line = vim.fn.line('.')
  require('heph.follow').cycle(line, line + vim.v.count1 - 1)
end, 'n')
plug('cycle', function()
  local ends = { vim.fn.line('v'), vim.fn.line('.') }
  table.sort(ends)
  require('heph.follow').cycle(ends[1], ends[2])
end, 'x')

---@return heph.Call
local function call_here()
  local line = vim.fn.line('.')
  local buf, win = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  return { words = {}, buf = buf, win = win, range = 0, first = line, last = line }
end
plug('note', function()
  require('heph.tasks').note(call_here())
end, 'n')
plug('insert-link', function()
  require('heph.linking').insert(call_here())
end, { 'n', 'i' })
