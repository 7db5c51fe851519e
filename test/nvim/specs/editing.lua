--- Text that becomes a link, a task or a document; following, choosing.
local world = require('world')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made

---@return string id
local function open(title, body)
  local id = made({ 'doc', 'new', title, '--body', '-' }, body)
  vim.cmd.edit('heph://doc/' .. id)
  return id
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
  require('heph.open').settle()
end

test('promote makes a task of the line, and keeps its indentation', function()
  open('Promote', '- list\n  - [ ] Füll the tank [[Boiler|now]]\n- [ ] other\n')
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  vim.cmd('Heph promote --attention orange')
  local row = world.json({ 'list', '--grep', 'the tank' })[1]
  eq({ row.title, row.attention }, { 'Füll the tank now', 'orange' })
  eq(world.lines()[2], ('  - [ ] [[%s|Füll the tank now]]'):format(row.node_id))
  eq(world.lines()[3], '- [ ] other')
end)

test('promote takes several lines, and leaves those that are tasks', function()
  open('Promote more', '- [ ] Pa\n\n* [ ] Pb\n1. Pc\nPd\n')
  vim.cmd('%Heph promote')
  for i, head in pairs({ [1] = '- [ ] ', [3] = '* [ ] ', [4] = '1. [ ] ', [5] = '- [ ] ' }) do
    assert(vim.startswith(world.lines()[i], head .. '[[01'), world.lines()[i])
  end
  eq(world.lines()[2], '')
  local before = world.text()
  vim.cmd('%Heph promote')
  eq(world.text(), before)
  has(world.last_said(), 'it is empty, or is one already')
  eq(#world.json({ 'list', '--grep', '^P[abcd]$' }), 4)
end)

test('promote finds its line again when others were written above it', function()
  local id = made({ 'doc', 'new', 'Moving', '--body', 'one\n- [ ] Moved line\n' })
  local child = world.child()
  child:cmd('edit heph://doc/' .. id)
  child:until_line('Moved line')
  child:lua([[
    vim.api.nvim_win_set_cursor(0, { 2, 0 })
    vim.cmd('Heph promote')
    vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'above', 'and above' })
  ]])
  local lines = child:until_line('|Moved line]]')
  eq({ #lines, lines[1], lines[3] }, { 4, 'above', 'one' })
  has(lines[4], '- [ ] [[01')
end)

test('promote finds each of several lines again, too', function()
  local id = made({ 'doc', 'new', 'Moving all', '--body=- [ ] Moved one\n- [ ] Moved two\n' })
  local child = world.child()
  child:cmd('edit heph://doc/' .. id)
  child:until_line('Moved two')
  child:lua([[
    vim.cmd('%Heph promote')
    vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'above', 'and above' })
  ]])
  local lines = child:until_line('|Moved two]]')
  eq({ #lines, lines[1], lines[2] }, { 4, 'above', 'and above' })
  has(lines[3], '|Moved one]]')
  has(lines[4], '|Moved two]]')
end)

test('done on a line that was promoted means its task', function()
  open('Promoted', '- [ ] Do me\n')
  vim.cmd('Heph promote')
  vim.cmd('Heph done')
  eq(world.json({ 'list', '--all', '--grep', 'Do me' })[1].state, 'done')
  has(world.lines()[1], '- [x] [[01')
end)

test('extract moves lines to a document of their own', function()
  open('Extract', 'before\n# Gärten\nText there.\nafter\n')
  vim.cmd('2,3Heph extract')
  eq(world.lines(), { 'before', '[[Gärten]]', 'after' })
  eq(heph({ 'doc', 'show', 'Gärten' }), '# Gärten\nText there.\n')
end)

test('extract of a selection takes characters, not bytes', function()
  open('Extract more', 'vor äußerst gut nach\n')
  vim.api.nvim_win_set_cursor(0, { 1, 4 })
  press('v2e')
  press(':Heph extract Sehr<CR>')
  eq(world.lines(), { 'vor [[Sehr]] nach' })
  eq(heph({ 'doc', 'show', 'Sehr' }), 'äußerst gut\n')
end)

test('extract links by id where the title would not say which', function()
  made({ 'doc', 'new', 'Twin' })
  open('Extract twin', 'line\n')
  vim.cmd('Heph extract Twin')
  has(world.lines()[1], '[[01')
  has(world.lines()[1], '|Twin]]')
end)

test('extract keeps how lines end', function()
  open('Extract dos', 'a\r\nb\r\nc\r\n')
  vim.cmd('1,2Heph extract Dos lines')
  eq(world.json({ 'doc', 'show', 'Dos lines' }).body, 'a\r\nb\r\n')
end)

test('linkify makes a link of a word, by whatever is called so', function()
  made({ 'doc', 'new', 'Öl' })
  open('Linkify', 'Das Öl fehlt.\n')
  vim.api.nvim_win_set_cursor(0, { 1, 5 })
  vim.cmd('Heph linkify')
  eq(world.lines(), { 'Das [[Öl]] fehlt.' })
end)

test('linkify of a selection finds a task too', function()
  made({ 'task', 'Fix the roof' })
  open('Linkify more', 'I must fix the roof soon.\n')
  vim.api.nvim_win_set_cursor(0, { 1, 7 })
  press('v3e')
  press(':Heph linkify<CR>')
  eq(world.lines(), { 'I must [[Fix the roof|fix the roof]] soon.' })
end)

test('linkify of more than a line says so', function()
  open('Linkify lines', 'roof\n\n')
  vim.cmd('1,2Heph linkify')
  eq(world.lines(), { 'roof', '' })
  has(world.last_said(), 'select words of one line')
end)

test('linkify asks where several are called so', function()
  made({ 'doc', 'new', 'Same' })
  local second = made({ 'doc', 'new', 'Same' })
  local id = made({ 'doc', 'new', 'Linkify same', '--body', 'Same\n' })
  local child = world.child()
  child:cmd('edit heph://doc/' .. id)
  child:until_line('Same')
  child:lua(
    [[
    vim.ui.select = function(items, options, chosen)
      table.insert(Asked, options.prompt)
      chosen(vim.iter(items):find(function(item)
        return item.node and item.node.node_id == Wanted
      end))
    end
    Wanted = ...
  ]],
    second
  )
  child:cmd('Heph linkify')
  eq(child:until_line('[[')[1], ('[[%s|Same]]'):format(second))
end)

test('linkify offers to create what is not there', function()
  local id = made({ 'doc', 'new', 'Linkify new', '--body', 'Unheard\n' })
  local child = world.child()
  child:lua("Choice = 'create'")
  child:cmd('edit heph://doc/' .. id)
  child:until_line('Unheard')
  child:cmd('Heph linkify')
  child:until_line('[[Unheard]]')
  eq(world.json({ 'doc', 'show', 'Unheard' }).title, 'Unheard')
end)

test('enter and gf follow a link: by title, by text, by id, to a day', function()
  local there = made({ 'doc', 'new', 'Wärme', '--body', 'there' })
  local task = made({ 'task', 'Linked task', '--context', 'in it' })
  open(
    'Follow',
    ('ä [[wärme]] [[Wärme|warm]]\n[[%s]] [[Linked task]]\n[[2026-05-05]]\n'):format(there)
  )
  local from = vim.api.nvim_get_current_buf()
  for _, case in ipairs({
    { 1, 6, '<CR>', 'heph://doc/' .. there },
    { 1, 18, 'gf', 'heph://doc/' .. there },
    { 2, 4, '<CR>', 'heph://doc/' .. there },
    { 2, 38, '<CR>', 'heph://context/' .. task },
    { 3, 0, 'gf', 'heph://journal/2026-05-05' },
  }) do
    vim.api.nvim_set_current_buf(from)
    vim.api.nvim_win_set_cursor(0, { case[1], case[2] })
    press(case[3])
    eq(vim.api.nvim_buf_get_name(0), case[4])
  end
end)

test('a link to nothing offers to create it', function()
  local id = made({ 'doc', 'new', 'Nowhere', '--body', '[[Not yet there]]\n' })
  local child = world.child()
  child:lua("Choice = 'create'")
  child:cmd('edit heph://doc/' .. id)
  child:until_line('Not yet')
  child:keys('<CR>')
  world.wait('the new one', function()
    return child:lua('return vim.b.heph_title') == 'Not yet there'
  end)
  eq(child:lua('return Asked[1].prompt'), 'Nothing is called so yet:')
end)

test('checkboxes go round, and enter does it too', function()
  open('Boxes', '- [ ] a\n')
  local seen = {}
  for _ = 1, 6 do
    press('<CR>')
    table.insert(seen, world.lines()[1]:match('%[(.)%]'))
  end
  eq(table.concat(seen), 'x>~! x')
  world.type({ '- a', '- [x] b', 'c' })
  press('ggVG\\x')
  eq(world.lines(), { '- [ ] a', '- [>] b', '- [ ] c' })
end)

test('a link to a project, and one that has no word in it', function()
  heph({ 'project', 'add', 'Attic' })
  open('Odd links', '[[attic]] [[???]]\n')
  press('gg0<CR>')
  eq(vim.b.heph_title, 'Attic')
  vim.cmd('buffer #')
  vim.ui.select = function(items, options, chosen)
    table.insert(world.said, options.format_item(items[1]))
    chosen(nil)
  end
  press('$<CR>')
  eq(world.last_said(), 'create "???"')
end)

test('the picker opens, creates from the words, and inserts a link', function()
  made({ 'doc', 'new', 'Pick me' })
  local child = world.child()
  child:lua("Input, Choice = 'pick', 'Pick me'")
  child:cmd('Heph open')
  world.wait('it', function()
    return child:lua('return vim.b.heph_title') == 'Pick me'
  end)
  child:lua("Input, Choice = 'Made of words', 'create'")
  child:cmd('Heph open')
  world.wait('the new one', function()
    return child:lua('return vim.b.heph_title') == 'Made of words'
  end)
  child:lua("Input, Choice = 'pick m', 'Pick me'")
  child:lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'See ä.' })")
  child:lua('vim.api.nvim_win_set_cursor(0, { 1, 4 })')
  child:keys('\\i')
  child:until_line('See ä[[Pick me]].')
end)

test('a link that is put in while typing is typed behind', function()
  made({ 'doc', 'new', 'Behind this' })
  local id = made({ 'doc', 'new', 'Typing on', '--body', 'x\n' })
  local child = world.child()
  child:lua("Input, Choice = 'behind', 'Behind this'")
  child:cmd('inoremap <C-l> <Plug>(heph-insert-link)')
  child:cmd('edit heph://doc/' .. id)
  child:until_line('x')
  child:keys('ccsee <C-l>')
  child:until_line('see [[Behind this]]')
  child:keys(' ä')
  child:until_line('see [[Behind this]] ä')
end)
