--- Texts in buffers: read, written on a version, refreshed, and never lost.
local world = require('world')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made

---@param body string
---@return string id
local function doc(body)
  local id = made({ 'doc', 'new', 'Doc ' .. vim.uv.hrtime(), '--body', '-' }, body)
  vim.cmd.edit('heph://doc/' .. id)
  return id
end

local function body_of(id)
  return world.json({ 'doc', 'show', id }).body
end

test('what is written is what was typed', function()
  local id = doc('One.\n')
  world.type({ 'One.', 'Zwei: äöü 漢字 🎉 e\204\129', '' })
  vim.cmd('write')
  eq(vim.bo.modified, false)
  eq(body_of(id), 'One.\nZwei: äöü 漢字 🎉 e\204\129\n\n')
  has(world.last_said(), 'saved "Doc')
end)

test('a text that nobody touched is saved to the letter', function()
  for _, body in ipairs({
    '',
    '\n',
    '\r\n',
    '\n\n',
    'no end',
    'end\n',
    'dos\r\nlines\r\n',
    'dos\r\nno end',
    'mixed\r\nlines\n',
    'a lone \r in it\n',
    'nul \0 in it\n',
    'tab\tand \27 escape\n',
    'x\n\n\n',
  }) do
    local id = doc(body)
    vim.bo.modified = true
    vim.cmd('write')
    eq(vim.bo.modified, false)
    eq(body_of(id), body)
  end
end)

test('lines that are added end as the others do', function()
  local id = doc('one\r\ntwo\r\n')
  eq(world.lines(), { 'one', 'two' })
  eq(vim.bo.fileformat, 'dos')
  vim.api.nvim_buf_set_lines(0, 1, 1, false, { 'between' })
  vim.cmd('write')
  eq(body_of(id), 'one\r\nbetween\r\ntwo\r\n')
end)

test('a text that is not UTF-8 is not sent', function()
  local id = doc('fine\n')
  world.type({ 'fine', 'latin \228' })
  vim.cmd('write')
  has(world.last_said(), 'cannot save: line 2 is not UTF-8')
  eq(vim.bo.modified, true)
  eq(body_of(id), 'fine\n')
end)

test('a text of 5 MB goes there and back', function()
  local line = ('Zeile mit Wörtern. '):rep(25)
  local body = (line .. '\n'):rep(math.ceil(5000000 / #line))
  local id = doc(body)
  eq(#world.text() + 1, #body)
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'the end' })
  vim.cmd('write')
  world.wait('the answer', function()
    return not vim.bo.modified
  end)
  eq(#heph({ 'doc', 'show', id }), #body + #'the end\n')
end)

test('a text over the limit is refused in words, and stays', function()
  doc('small\n')
  world.type({ ('x'):rep(11000000) })
  vim.cmd('write')
  world.wait('a refusal', function()
    return world.last_said():find('cannot take a', 1, true)
  end)
  eq(vim.bo.modified, true)
end)

test('what is undone never takes away the text itself', function()
  doc('loaded\n')
  vim.cmd('silent! undo')
  eq(world.lines(), { 'loaded' })
end)

test('a change made elsewhere comes into a buffer that was not touched', function()
  local id = doc('a\nb\nc\nd\n')
  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  heph({ 'doc', 'edit', id, '--body', 'new\na\nb\nc\nd\n' })
  world.wait('the change', function()
    return world.lines()[1] == 'new'
  end)
  eq(vim.api.nvim_win_get_cursor(0), { 4, 0 })
  eq(vim.bo.modified, false)
  heph({ 'doc', 'edit', id, '--append', 'last' })
  world.wait('the next one', function()
    return vim.list_contains(world.lines(), 'last')
  end)
end)

test('of a change elsewhere a touched buffer is only told', function()
  local id = doc('mine\n')
  world.type({ 'mine, changed' })
  heph({ 'doc', 'edit', id, '--body', 'theirs\n' })
  world.wait('the word', function()
    return world.last_said():find('was changed elsewhere', 1, true)
  end)
  eq(world.lines(), { 'mine, changed' })
  eq(#vim.tbl_filter(function(text)
    return text:find('changed elsewhere', 1, true)
  end, world.said), 1)
end)

test('a conflict shows both texts, and the next write saves the one that is ours', function()
  local id = doc('start\n')
  local mine = vim.api.nvim_get_current_buf()
  world.type({ 'start', 'mine' })
  heph({ 'doc', 'edit', id, '--body', 'start\ntheirs\n' })
  vim.cmd('write')
  world.wait('the diff', function()
    return #vim.api.nvim_tabpage_list_wins(0) == 2
  end)
  eq(vim.bo[mine].modified, true)
  eq(body_of(id), 'start\ntheirs\n')
  local shown = {}
  for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    eq(vim.wo[win].diff, true)
    local buf = vim.api.nvim_win_get_buf(win)
    shown[buf == mine and 'mine' or 'theirs'] = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  end
  eq(shown, { mine = { 'start', 'mine' }, theirs = { 'start', 'theirs' } })
  has(world.last_said(), 'was changed elsewhere; :w saves yours')

  eq(vim.api.nvim_get_current_buf(), mine)
  world.type({ 'start', 'mine', 'theirs' })
  vim.cmd('write')
  eq(body_of(id), 'start\nmine\ntheirs\n')
  eq(#vim.api.nvim_tabpage_list_wins(0), 1)
  world.wait('the diff to end', function()
    return not vim.wo.diff
  end)
end)

test('who closes the other text of a conflict has an ordinary window again', function()
  local id = doc('start\n')
  world.type({ 'mine' })
  heph({ 'doc', 'edit', id, '--body', 'theirs\n' })
  vim.cmd('write')
  vim.cmd('only')
  world.wait('the diff to end', function()
    return not vim.wo.diff
  end)
  vim.cmd('write')
  eq(body_of(id), 'mine\n')
end)

test('a second conflict is one again', function()
  local id = doc('start\n')
  world.type({ 'mine' })
  for n = 1, 2 do
    heph({ 'doc', 'edit', id, '--body', ('theirs %d\n'):format(n) })
    vim.cmd('write')
    world.wait('their text', function()
      return vim.iter(vim.api.nvim_list_bufs()):any(function(buf)
        return vim.api.nvim_buf_is_loaded(buf)
          and vim.api.nvim_buf_get_lines(buf, 0, 1, false)[1] == ('theirs %d'):format(n)
      end)
    end)
  end
  eq(world.lines(), { 'mine' })
  eq(#vim.api.nvim_tabpage_list_wins(0), 2)
end)

test('where both changed it to the same there is no conflict', function()
  local id = doc('start\n')
  world.type({ 'same' })
  heph({ 'doc', 'edit', id, '--body', 'same\n' })
  vim.cmd('write')
  world.wait('agreement', function()
    return not vim.bo.modified
  end)
  eq(#vim.api.nvim_tabpage_list_wins(0), 1)
end)

test('a text that was deleted elsewhere stays in its buffer', function()
  local id = doc('keep me\n')
  heph({ 'delete', id })
  world.wait('the word', function()
    return world.last_said():find('was deleted elsewhere; its text stays here', 1, true)
  end)
  eq(world.lines(), { 'keep me' })
end)

test('the page of a day and the context of a task are saved too', function()
  vim.cmd.edit('heph://journal/2026-03-04')
  world.type({ 'A page.' })
  vim.cmd('write')
  eq(heph({ 'journal', '2026-03-04' }), 'A page.\n')
  local id = made({ 'task', 'With context' })
  vim.cmd.edit('heph://context/' .. id)
  world.type({ 'Some.' })
  vim.cmd('write')
  eq(heph({ 'context', id }), 'Some.\n')
end)

test('two pages of one day, opened before it was written, conflict', function()
  vim.cmd.edit('heph://journal/2026-03-05')
  heph({ 'journal', '2026-03-05', '--append', 'Elsewhere.' })
  world.wait('the page', function()
    return world.lines()[1] == 'Elsewhere.'
  end)
  vim.cmd.edit('heph://journal/2026-03-06')
  world.type({ 'Here.' })
  heph({ 'journal', '2026-03-06', '--append', 'Elsewhere.' })
  vim.cmd('write')
  eq(heph({ 'journal', '2026-03-06' }), 'Elsewhere.\n')
  eq(vim.bo.modified, true)
end)

test('wq leaves what is saved, and stays with what is not', function()
  local id = doc('one\n')
  vim.cmd('split')
  world.type({ 'two' })
  vim.cmd('wq')
  eq(body_of(id), 'two\n')
  eq(#vim.api.nvim_tabpage_list_wins(0), 1)
end)

test('a text can be written to a file, but not to another name of heph', function()
  doc('to a file\n')
  local path = vim.fn.tempname()
  vim.cmd.write(path)
  eq(vim.fn.readfile(path), { 'to a file' })
  vim.cmd('write! heph://doc/another')
  has(world.last_said(), 'cannot write to heph://doc/another')
end)

test('a name that leads nowhere says so', function()
  vim.cmd.edit('heph://nothing/here')
  has(world.last_said(), 'cannot open heph://nothing/here: no such thing')
  vim.cmd.edit('heph://doc/01ARZ3NDEKTSV4RRFFQ69G5FAV')
  has(world.last_said(), 'cannot find')
  eq(vim.bo.modifiable, false)
  vim.cmd('write')
  has(world.last_said(), 'cannot save: the text was never loaded')
end)

test('a modeline in a text is text', function()
  doc('x\n\nvim: set filetype=lua shiftwidth=7:\n')
  eq({ vim.bo.filetype, vim.bo.shiftwidth ~= 7 }, { 'markdown', true })
end)

test('e! takes back what was not saved', function()
  doc('saved\n')
  world.type({ 'not saved' })
  vim.cmd('edit!')
  eq(world.lines(), { 'saved' })
  eq(vim.bo.modified, false)
end)

test('a title that changes elsewhere changes above the text', function()
  local id = doc('x\n')
  heph({ 'doc', 'rename', id, 'Another title' })
  world.wait('the title', function()
    return vim.b.heph_title == 'Another title'
  end)
end)

test('a list that is looked at follows what changes elsewhere', function()
  local id = made({ 'task', 'Followed' })
  vim.cmd('Heph list --grep Followed')
  heph({ 'done', id })
  world.wait('it to go', function()
    return world.lines()[1] == 'No task is like that.'
  end)
end)

test('two Neovims on one text: one is told, and neither text is lost', function()
  local id = doc('start\n')
  local other = world.child()
  other:cmd('edit heph://doc/' .. id)
  other:until_line('start')
  other:lua("vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'theirs' })")
  world.type({ 'mine' })
  other:cmd('write')
  world.wait('the word', function()
    return world.last_said():find('changed elsewhere', 1, true)
  end)
  vim.cmd('write')
  eq(body_of(id), 'theirs\n')
  vim.cmd('write')
  eq(body_of(id), 'mine\n')
  other:until_line('mine')
end)
