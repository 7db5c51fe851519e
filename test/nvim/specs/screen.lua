--- What a person sees, in a terminal. The screens of the how-to are made here.
local world = require('world')
local terminal = require('terminal')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made

---@param screen string[]
---@return string[] # without the lines below the text, and status lines that name an id
local function text_of(screen)
  return vim.tbl_filter(function(line)
    return not line:match('^~%s*[│~]*$') and not line:match('^<')
  end, screen)
end

test('the first morning: home, a page, a task, a document, and what is next', function()
  local seen = terminal.open()
  seen:press(':Heph home<CR>')
  terminal.show('empty home', text_of(seen:until_seen('Documents')))

  seen:press(':Heph today<CR>')
  seen:until_seen('heph://journal/')
  seen:press('iCalled Jo about the boiler.<CR>- [ ] Buy a key for the radiators<Esc>:w<CR>')
  terminal.show('first page', text_of(seen:until_seen('saved "')))
  eq(heph({ 'journal' }), 'Called Jo about the boiler.\n- [ ] Buy a key for the radiators\n')

  seen:press(':Heph promote --attention orange<CR>')
  terminal.show('promoted', text_of(seen:until_seen('the line is a task now')))
  seen:press(':w<CR>')
  seen:until_seen('saved "')
  has(heph({ 'journal' }), '|Buy a key for the radiators]]\n')

  seen:press('gg$b\\l')
  terminal.show('linkify', text_of(seen:until_seen('Type number')))
  seen:press('1<CR>')
  seen:until_seen('[[boiler]]')
  seen:press(':w<CR>')
  seen:until_seen('saved "')
  has(heph({ 'journal' }), 'Called Jo about the [[boiler]].\n')
  eq(world.json({ 'doc', 'show', 'boiler' }).kind, 'doc')
end)

test('a list with signs, done and taken back', function()
  made({
    'task',
    'Renew the passport',
    '--attention',
    'red',
    '--tag',
    'papers',
    '--late-on',
    '2026-01-05',
  })
  heph({ 'project', 'add', 'Home' })
  made({ 'task', 'Pay the water bill', '--project', 'Home', '--late-on', '2026-01-20' })
  made({ 'task', 'Learn the ukulele', '--attention', 'blue' })
  local seen = terminal.open()
  seen:press(':Heph next<CR>')
  local screen = seen:until_seen('Learn the ukulele')
  assert(
    screen[1]:match('^!L %w+  red +Renew the passport +#papers  late 2026%-01%-05$'),
    screen[1]
  )
  assert(screen[2]:match('^ L %w+  late +Pay the water bill +Home  late 2026%-01%-20$'), screen[2])
  assert(screen[3]:match('^%+  %w+  orange  Buy a key'), screen[3])
  assert(screen[4]:match('^%-  %w+  blue +Learn the ukulele$'), screen[4])
  terminal.show('next', text_of(screen))
  seen:press('jD')
  seen:until_seen('done "Pay the water bill"')
  seen:press('U')
  seen:until_seen('took back task.done "Pay the water bill"')
  seen:until_seen(' L ')
end)

test('a link is read without its brackets, but on the line of the cursor', function()
  made(
    { 'doc', 'new', 'Radiators', '--body', '-' },
    'Top line.\nAfter the [[Boiler|old thing]].\n```\n[[fenced]]\n```\n'
  )
  local seen = terminal.open()
  seen:press(':Heph open Radiators<CR>')
  local screen = seen:until_seen('After the')
  eq(vim.list_slice(screen, 1, 3), { ' Radiators', 'Top line.', 'After the old thing.' })
  has(table.concat(screen, '\n'), '[[fenced]]')
  seen:press('j')
  seen:until_seen('After the [[Boiler|old thing]]')
end)

test('a text that was changed elsewhere is shown beside the own one', function()
  local id = made({ 'doc', 'new', 'Shopping', '--body', 'Bread\nMilk\n' })
  local seen = terminal.open()
  seen:press(':Heph open Shopping<CR>')
  seen:until_seen('Milk')
  seen:press('GoCheese<Esc>')
  seen:until_seen('Cheese')
  heph({ 'doc', 'edit', id, '--append', 'Apples' })
  seen:until_seen('was changed elsewhere')
  seen:press(':w<CR>')
  seen:until_seen('Apples')
  local screen = seen:until_seen(' as heph has it')
  terminal.show('both texts', text_of(screen))
  has(table.concat(screen, '\n'), 'Cheese')
end)

test('without a daemon the message is there to be read', function()
  local seen = terminal.open({ HEPH_SOCKET = '/tmp/nobody.sock' })
  seen:press(':Heph next<CR>')
  local screen = table.concat(seen:until_seen('heph daemon start'), '\n')
  has(screen, 'heph: cannot reach hephd on /tmp/nobody.sock: nobody answers')
  seen:press('<CR>')
  seen:until_seen('Not loaded. :e tries again.')
end)

test('completion offers titles, and also those that come late', function()
  made({ 'doc', 'new', 'Quarterly report' })
  local id = made({ 'doc', 'new', 'Completing', '--body', 'x\n' })
  local seen = terminal.open()
  seen:press((':edit heph://doc/%s<CR>'):format(id))
  seen:until_seen('Completing')
  seen:press('A [[Quart')
  seen:until_seen('x [[Quart')
  seen:press('<C-x><C-o>')
  seen:until_seen('x [[Quarterly report]]')
  seen:press('<Esc>o')
  local pid = world.json({ 'daemon', 'status' }).pid
  vim.uv.kill(pid, 'sigstop')
  seen:press('[[Quart')
  seen:until_seen('\n[[Quart')
  seen:press('<C-x><C-o>')
  seen:until_seen('Pattern not found')
  vim.uv.kill(pid, 'sigcont')
  local screen = seen:until_seen('\n[[Quarterly report]]')
  eq(screen[2], 'x Quarterly report')
end)

test('typing goes on while hephd does not answer', function()
  local id = made({ 'doc', 'new', 'Typing', '--body', 'x\n' })
  local seen = terminal.open()
  seen:press((':edit heph://doc/%s<CR>'):format(id))
  seen:until_seen('Typing')
  local pid = world.json({ 'daemon', 'status' }).pid
  vim.uv.kill(pid, 'sigstop')
  seen:press(':Heph next<CR>:Heph home<CR>:Heph done 0000<CR>:edit #<CR>')
  seen:press(':edit ordinary<CR>ityped meanwhile<Esc>')
  seen:until_seen('typed meanwhile')
  vim.uv.kill(pid, 'sigcont')
  seen:until_seen('cannot find')
end)
