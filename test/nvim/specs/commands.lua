--- Every command, against a real hephd, as a headless Neovim runs it.
local world = require('world')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made

local function row_with(part)
  for i, line in ipairs(world.lines()) do
    if line:find(part, 1, true) then
      vim.api.nvim_win_set_cursor(0, { i, 0 })
      return line
    end
  end
  error('no line with ' .. part .. ' in:\n' .. world.text(), 2)
end

test('next shows what is next, as heph does', function()
  made({ 'task', 'Renew the passport', '--attention', 'red', '--tag', 'papers' })
  made({
    'task',
    'Pay the water bill',
    '--late-on',
    '2026-01-02',
    '--project',
    heph({ 'project', 'add', 'Home' }):match('Home'),
  })
  vim.cmd('Heph next')
  eq(vim.api.nvim_buf_get_name(0), 'heph://list/next')
  eq(vim.bo.filetype, 'heph')
  eq(vim.bo.modifiable, false)
  row_with('red   Renew the passport  #papers')
  row_with('late  Pay the water bill  Home  late 2026-01-02')
end)

test('next takes how many', function()
  made({ 'task', 'One more' })
  vim.cmd('Heph next 1')
  eq(#world.lines(), 1)
end)

test('list takes the options of heph list', function()
  heph({ 'project', 'add', 'Spare time' })
  made({ 'task', 'Read a book', '--project', 'Spare time' })
  made({ 'task', 'Not this one' })
  vim.cmd('Heph list --project "Spare time"')
  eq(#world.lines(), 1)
  row_with('Read a book')
  vim.cmd('Heph list --grep not.this --attention white')
  eq(#world.lines(), 1)
  row_with('Not this one')
  vim.cmd('Heph list --tag nobody-has-it')
  eq(world.lines(), { 'No task is like that.' })
end)

test('list says which options there are', function()
  vim.cmd('Heph list --colour red')
  has(world.last_said(), 'cannot use --colour: there is --all, --attention')
end)

test('search finds in titles, texts and logs', function()
  made({ 'doc', 'new', 'Boilers', '--body', 'Serviced by zaphod.' })
  vim.cmd('Heph search zaphod')
  has(row_with('Boilers'), 'body: Serviced by zaphod.')
  vim.cmd('Heph search "by zaphod" -boilers')
  eq(world.lines(), { 'Nothing has that.' })
end)

test('done, drop and skip act on the line of a list', function()
  for command, state in pairs({ done = 'done', drop = 'dropped' }) do
    local id = made({ 'task', 'To be ' .. state })
    vim.cmd('Heph list')
    row_with('To be ' .. state)
    vim.cmd('Heph ' .. command)
    eq(world.json({ 'show', id }).state, state)
    has(world.last_said(), ('%s "To be %s"'):format(state, state))
  end
  local id = made({ 'task', 'Weekly', '--recur', 'weekly', '--do-date', 'today' })
  local before = world.json({ 'show', id }).do_on
  vim.cmd('Heph list')
  row_with('Weekly')
  vim.cmd('Heph skip')
  assert(world.json({ 'show', id }).do_on > before)
end)

test('done takes ids, and several lines', function()
  local one, two, three =
    made({ 'task', 'Bulk 1' }), made({ 'task', 'Bulk 2' }), made({ 'task', 'Bulk 3' })
  vim.cmd('Heph done ' .. one)
  eq(world.json({ 'show', one }).state, 'done')
  vim.cmd('Heph list --grep ^Bulk')
  eq(#world.lines(), 2)
  vim.cmd('%Heph done')
  eq(world.json({ 'show', two }).state, 'done')
  eq(world.json({ 'show', three }).state, 'done')
  has(world.last_said(), 'done 2 tasks')
end)

test('done of a recurring task says when it comes again', function()
  local id = made({ 'task', 'Water plants', '--recur', 'weekly', '--do-date', 'today' })
  vim.cmd('Heph done ' .. id)
  has(world.last_said(), '; again on 20')
end)

test('skip of what does not recur is refused in words', function()
  local id = made({ 'task', 'Once only' })
  vim.cmd('Heph skip ' .. id)
  has(world.last_said(), 'cannot skip "Once only": it does not recur')
  has(vim.v.errmsg, 'cannot skip')
end)

test('without a target and without a screen it says what to do', function()
  vim.cmd('enew')
  vim.cmd('Heph done')
  has(world.last_said(), 'cannot tell what is meant')
  vim.cmd('Heph home')
  vim.cmd('Heph done')
  has(world.last_said(), 'this line stands for nothing like that')
end)

test('task files a task with its options', function()
  heph({ 'project', 'add', 'Garden' })
  vim.cmd('Heph task Mow the lawn --project Garden --tag green --tag grass --do-date 2030-05-01')
  local row = world.json({ 'list', '--project', 'Garden' })[1]
  eq({ row.title, row.tags, row.do_on }, { 'Mow the lawn', { 'grass', 'green' }, '2030-05-01' })
  has(world.last_said(), 'filed ' .. row.node_id)
end)

test('task says what heph says about a date', function()
  vim.cmd('Heph task Never --do-date someday')
  has(world.last_said(), 'cannot read "someday" as a date')
end)

test('log notes the words, and shows the log', function()
  local id = made({ 'task', 'Call the plumber' })
  vim.cmd('Heph log ' .. id .. ' They come on Thursday')
  has(heph({ 'log', id }), 'They come on Thursday')
  vim.cmd('Heph log ' .. id)
  eq(world.lines()[1], 'Call the plumber')
  row_with('They come on Thursday')
  vim.cmd('Heph list --grep plumber')
  vim.cmd('Heph log and bring a spanner')
  has(heph({ 'log', id }), 'and bring a spanner')
end)

test('context opens the text behind a task, from its line or by id', function()
  local id = made({ 'task', 'Fix the tap', '--context', 'Size 15.' })
  vim.cmd('Heph list --grep tap$')
  vim.cmd('Heph context')
  eq(vim.api.nvim_buf_get_name(0), 'heph://context/' .. id)
  eq(world.lines(), { 'Size 15.' })
  vim.cmd('Heph context ' .. made({ 'doc', 'new', 'A doc', '--body', 'Text.' }))
  has(vim.api.nvim_buf_get_name(0), 'heph://doc/')
end)

test('enter opens what a line stands for', function()
  local id = made({ 'task', 'Enter here' })
  vim.cmd('Heph list --grep Enter')
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
  eq(vim.api.nvim_buf_get_name(0), 'heph://context/' .. id)
end)

test('today opens the page of today, and makes none', function()
  vim.cmd('Heph today')
  local day = world.json({ 'journal' }).day
  eq(vim.api.nvim_buf_get_name(0), 'heph://journal/' .. day)
  eq(vim.bo.filetype, 'markdown')
  eq(world.json({ 'journal' }).node_id, vim.NIL)
  world.type({ 'Slept well.' })
  vim.cmd('write')
  eq(heph({ 'journal' }), 'Slept well.\n')
end)

test('today takes another day in words', function()
  heph({ 'journal', '2026-02-03', '--append', 'Snow.' })
  vim.cmd('Heph today 3 feb 2026')
  eq(world.lines(), { 'Snow.' })
end)

test('journals shows fourteen days, and offers to create', function()
  vim.cmd('Heph journals')
  eq(#world.lines(), 14)
  has(world.lines()[14], 'create')
  vim.api.nvim_win_set_cursor(0, { 14, 0 })
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
  has(vim.api.nvim_buf_get_name(0), 'heph://journal/20')
end)

test('home shows the day, what is next, and documents', function()
  made({ 'task', 'At home' })
  made({ 'doc', 'new', 'On the shelf' })
  vim.cmd('Heph home')
  eq(world.lines()[1], 'Today')
  row_with('At home')
  row_with('On the shelf')
  vim.cmd('Heph')
  eq(vim.api.nvim_buf_get_name(0), 'heph://list/home')
end)

test('backlinks shows what links here', function()
  made({ 'doc', 'new', 'Cellar' })
  made({ 'doc', 'new', 'House', '--body', 'Below is the [[Cellar]].' })
  vim.cmd('Heph backlinks Cellar')
  row_with('House')
  vim.cmd('Heph open Cellar')
  vim.cmd('Heph backlinks')
  row_with('House')
end)

test('undo takes back the newest change in heph', function()
  local id = made({ 'task', 'Undo me' })
  vim.cmd('Heph done ' .. id)
  vim.cmd('Heph undo')
  eq(world.json({ 'show', id }).state, 'outstanding')
  has(world.last_said(), 'took back task.done "Undo me"')
end)

test('open goes to a document by its title', function()
  local id = made({ 'doc', 'new', 'Öfen und Kessel', '--body', 'x' })
  vim.cmd('Heph open öfen und kessel')
  eq(vim.api.nvim_buf_get_name(0), 'heph://doc/' .. id)
  eq(vim.b.heph_title, 'Öfen und Kessel')
end)

test('what there is no command for is answered with what there is', function()
  vim.cmd('Heph dnoe')
  has(world.last_said(), 'cannot run :Heph dnoe: no such command')
  has(world.last_said(), 'backlinks, context, done')
end)

test('a title with control characters and wide letters stays one aligned line', function()
  made({ 'doc', 'new', '漢字 and more', '--body', 'wide word' })
  made({ 'doc', 'new', 'plain', '--body', 'wide \27[31mword' })
  vim.cmd('Heph search wide')
  local from = {}
  for _, line in ipairs(world.lines()) do
    local before = line:match('^(.-)body:')
    table.insert(from, vim.api.nvim_strwidth(before))
    assert(not line:find('\27'), 'a raw escape')
  end
  eq(#from, 2)
  eq(from[1], from[2])
end)

test('a list shows signs for attention and lateness', function()
  heph({ 'project', 'add', 'Signs' })
  local add =
    { 'task', 'S red', '--project', 'Signs', '--attention', 'red', '--late-on', '2026-01-01' }
  made(add)
  made({ 'task', 'S orange', '--project', 'Signs', '--attention', 'orange' })
  made({ 'task', 'S white', '--project', 'Signs' })
  vim.cmd('Heph list --project Signs')
  local signs = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })) do
    if mark[4].sign_text then
      signs[world.lines()[mark[2] + 1]:match('S %w+')] = mark[4].sign_text
    end
  end
  eq(signs, { ['S red'] = '!L', ['S orange'] = '+ ' })
end)
