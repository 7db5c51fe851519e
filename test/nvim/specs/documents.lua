--- Texts in buffers: read and written, to the letter.
local world = require('world')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made
local doc, body_of = world.doc, world.body_of

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

test('a text of 9 MB of slashes is under the limit too', function()
  local id = doc('small\n')
  -- The parser of Neovim 0.12 does not come to an end over this.
  pcall(vim.treesitter.stop)
  local lines = { 'a \\/ b \\\\/' }
  for i = 2, 90000 do
    lines[i] = ('/'):rep(100)
  end
  world.type(lines)
  vim.cmd('write')
  world.wait('the answer', function()
    return not vim.bo.modified
  end)
  eq(heph({ 'doc', 'show', id }):sub(1, 14), 'a \\/ b \\\\/\n///')
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
