--- What is there before it is used, and what may be set.
local world = require('world')
local eq, has = world.eq, world.has
local root = vim.opt.runtimepath:get()[1]

local function nvim(...)
  local argv = { 'nvim', '--headless', '-u', 'NONE', '--cmd', 'set rtp^=' .. root }
  vim.list_extend(argv, { '-c', 'runtime plugin/heph.lua', ... })
  local done = vim.system(vim.list_extend(argv, { '-c', 'qa!' }), { text = true }):wait()
  return done.stdout .. done.stderr
end

local LOADED = [[lua io.stdout:write('loaded: ' .. table.concat(vim.tbl_filter(function(name)
  return name:find('^heph') end, vim.tbl_keys(package.loaded)), ','))]]
LOADED = LOADED:gsub('\n%s*', ' ')

test('nothing is loaded before it is used', function()
  eq(nvim('-c', LOADED), 'loaded: ')
end)

test('it works without setup, and prints without a screen', function()
  world.made({ 'task', 'Printed without a screen' })
  has(nvim('-c', 'Heph next', '-c', '%print'), 'Printed without a screen')
end)

test('a script sees what went wrong', function()
  local said =
    nvim('-c', 'Heph list --foo x', '-c', 'if v:errmsg =~ "cannot use" | cquit 7 | endif')
  has(said, 'cannot use --foo')
end)

test('a name on the command line is opened', function()
  world.heph({ 'journal', '2026-01-15', '--append', 'From the command line.' })
  has(nvim('-c', 'edit heph://journal/2026-01-15', '-c', '%print'), 'From the command line.')
end)

test('keys are in the buffers of heph alone, and can be left out', function()
  vim.cmd('enew')
  eq(vim.fn.maparg('D', 'n'), '')
  vim.cmd('Heph next')
  eq(vim.fn.maparg('D', 'n', false, true).buffer, 1)
  vim.cmd('bwipeout!')
  require('heph').setup({ keymaps = false })
  vim.cmd('Heph next')
  eq(vim.fn.maparg('D', 'n'), '')
  assert(vim.fn.maparg('<Plug>(heph-done)', 'n') ~= '')
  require('heph').setup()
end)

test('setup refuses what it does not know', function()
  local _, wrong = pcall(require('heph').setup, { keymap = false })
  has(wrong, 'no option "keymap"; there are conceal, keymaps')
  _, wrong = pcall(require('heph').setup, { keymaps = 'no' })
  has(wrong, 'the option "keymaps" must be a boolean')
end)

test('every key leads to a map that is there, and help has it', function()
  local help = table.concat(vim.fn.readfile(root .. '/doc/heph.txt'), '\n')
  local plugs = vim.tbl_filter(function(map)
    return vim.startswith(map.lhs, '<Plug>(heph-')
  end, vim.api.nvim_get_keymap('n'))
  assert(#plugs > 10)
  for _, map in ipairs(plugs) do
    has(help, '*' .. map.lhs .. '*')
  end
  for _, name in ipairs(require('heph.commands').names()) do
    has(help, '*:Heph-' .. name .. '*')
  end
  for _, opened in ipairs({ 'Heph next', 'edit heph://journal/2026-01-01' }) do
    vim.cmd(opened)
    for _, map in ipairs(vim.api.nvim_buf_get_keymap(0, 'n')) do
      if vim.startswith(map.rhs or '', '<Plug>(heph-') then
        assert(vim.fn.maparg(map.rhs, 'n') ~= '', map.rhs)
        has(help, map.lhs:gsub('\\', '<LocalLeader>'))
      end
    end
  end
end)

test('help has its tags, each once', function()
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy .. '/doc', 'p')
  vim.uv.fs_copyfile(root .. '/doc/heph.txt', copy .. '/doc/heph.txt')
  vim.cmd.helptags(copy .. '/doc')
  local tags = table.concat(vim.fn.readfile(copy .. '/doc/tags'), '\n')
  local hint = 'run :helptags heph.nvim/doc'
  assert(tags == table.concat(vim.fn.readfile(root .. '/doc/tags'), '\n'), hint)
  for _, tag in ipairs({ 'heph', 'heph.nvim', ':Heph', 'heph-keys', 'heph-uri', 'heph-lua' }) do
    has(tags, tag .. '\theph.txt')
  end
  local help = table.concat(vim.fn.readfile(root .. '/doc/heph.txt'), '\n')
  for tag in help:gmatch('|(heph[%w.-]*)|') do
    has(tags, tag .. '\theph.txt')
  end
end)

test('checkhealth says that all is well', function()
  vim.cmd('checkhealth heph')
  local said = world.text()
  has(said, 'OK hephd')
  has(said, 'both speak protocol 1')
  has(said, 'the store can be read')
  has(said, 'OK heph is ')
  assert(not said:find('ERROR') and not said:find('WARNING'), said)
end)

test('checkhealth says what mends it', function()
  vim.env.HEPH_SOCKET = vim.fn.tempname()
  vim.cmd('checkhealth heph')
  has(world.text(), 'nobody answers')
  has(world.text(), 'start it with: heph daemon start')
end)

test('nothing that is used is deprecated', function()
  local id = world.made({ 'doc', 'new', 'Deprecation', '--body', 'x [[Y]]\n' })
  local seen = {}
  local deprecate = vim.deprecate
  vim.deprecate = function(name)
    table.insert(seen, name)
  end
  for _, command in ipairs({
    'Heph home',
    'Heph journals',
    'Heph search x',
    'edit heph://doc/' .. id,
  }) do
    vim.cmd(command)
    vim.cmd('redraw')
  end
  world.type({ 'y' })
  vim.cmd('write')
  vim.deprecate = deprecate
  eq(seen, {})
end)

test('it is of the same version as the daemon', function()
  vim.cmd('Heph next')
  eq(require('heph.rpc').VERSION, require('heph.client').hello().version)
end)
