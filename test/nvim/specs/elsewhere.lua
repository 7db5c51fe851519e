--- What changes elsewhere: it comes in, it is told of, or it conflicts; nothing is lost.
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
