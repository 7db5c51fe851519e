--- The daemon goes and comes, is not there, or is somebody else.
local world = require('world')
local eq, has, heph, made = world.eq, world.has, world.heph, world.made

local function restarting(run)
  local done = false
  vim.system({ 'heph', 'daemon', 'restart' }, {}, function(result)
    done = result.code == 0 and 'well' or result.stderr
  end)
  run(function()
    return done
  end)
  eq(
    world.wait('the restart', function()
      return done
    end),
    'well'
  )
end

test('a restart in the middle of an edit loses nothing', function()
  local id = made({ 'doc', 'new', 'Edited', '--body', 'before\n' })
  vim.cmd.edit('heph://doc/' .. id)
  world.type({ 'before', 'typed' })
  heph({ 'daemon', 'restart' })
  world.type({ 'before', 'typed', 'and more' })
  vim.cmd('write')
  eq(vim.bo.modified, false)
  eq(heph({ 'doc', 'show', id }), 'before\ntyped\nand more\n')
end)

test('changes are heard of after a restart as before', function()
  local id = made({ 'doc', 'new', 'Heard', '--body', 'one\n' })
  vim.cmd.edit('heph://doc/' .. id)
  heph({ 'daemon', 'restart' })
  heph({ 'doc', 'edit', id, '--body', 'two\n' })
  world.wait('the change', function()
    return world.lines()[1] == 'two'
  end)
end)

test('saves during restarts are made once each', function()
  local id = made({ 'doc', 'new', 'Saved', '--body', 'start\n' })
  vim.cmd.edit('heph://doc/' .. id)
  local saves = 0
  restarting(function(is_over)
    while not is_over() and saves < 500 do
      saves = saves + 1
      world.type({ 'save ' .. saves })
      vim.cmd('write')
      world.wait('the save', function()
        return not vim.bo.modified
      end)
    end
  end)
  eq(heph({ 'doc', 'show', id }), ('save %d\n'):format(saves))
  local rows = world.json({ 'history', id })
  local made_by = vim.tbl_filter(function(row)
    return row.method == 'doc.edit'
  end, rows)
  eq(#made_by, math.min(saves, #made_by))
  eq(#vim.tbl_filter(function(text)
    return text:find('cannot', 1, true)
  end, world.said), 0)
end)

test('commands during a restart wait for the next daemon', function()
  local titles = {}
  restarting(function(is_over)
    while not is_over() and #titles < 200 do
      table.insert(titles, 'During ' .. #titles)
      vim.cmd('Heph task ' .. titles[#titles])
    end
  end)
  local there = vim.tbl_map(function(row)
    return row.title
  end, world.json({ 'list', '--grep', '^During' }))
  table.sort(there)
  table.sort(titles)
  eq(there, titles)
end)

test('with nobody there one message says what mends it', function()
  vim.env.HEPH_SOCKET = vim.fn.tempname()
  vim.cmd('Heph next')
  eq(world.said, {
    ('heph: cannot reach hephd on %s: nobody answers\nstart it with: heph daemon start'):format(
      vim.env.HEPH_SOCKET
    ),
  })
  eq(world.lines(), { 'Not loaded. :e tries again.' })
  vim.env.HEPH_SOCKET = nil
  vim.cmd('edit')
  assert(world.lines()[1] ~= 'Not loaded. :e tries again.')
end)

test('a text that is typed while the daemon is stopped is saved once it is back', function()
  local id = made({ 'doc', 'new', 'Stopped', '--body', 'start\n' })
  vim.cmd.edit('heph://doc/' .. id)
  world.type({ 'typed' })
  heph({ 'daemon', 'stop' })
  vim.cmd('write')
  has(world.last_said(), 'nobody answers')
  eq(vim.bo.modified, true)
  heph({ 'daemon', 'start' })
  vim.cmd('write')
  eq(vim.bo.modified, false)
  eq(heph({ 'doc', 'show', id }), 'typed\n')
end)

test('a list that could not be loaded comes when the daemon does', function()
  heph({ 'daemon', 'stop' })
  vim.cmd('Heph next 3')
  eq(world.lines(), { 'Not loaded. :e tries again.' })
  heph({ 'daemon', 'start' })
  world.wait('the list', function()
    return world.lines()[1] ~= 'Not loaded. :e tries again.'
  end)
end)

test('a socket path that is too long is refused in words', function()
  vim.env.HEPH_SOCKET = '/tmp/' .. ('x'):rep(120)
  vim.cmd('Heph next')
  has(world.last_said(), 'and 103 is the most; set HEPH_SOCKET to a shorter one')
end)

test('a Neovim that quits has sent what it was asked to change', function()
  local id = made({ 'task', 'Quit at once' })
  local child = world.child()
  child:lua(([[
    vim.cmd('Heph done %s')
    vim.schedule(function() vim.cmd('quitall!') end)
  ]]):format(id))
  world.wait('it to be done', function()
    return world.json({ 'show', id }).state == 'done'
  end)
end)

test('a Neovim that is killed in the middle of a save leaves one of the two texts', function()
  local body = ('before\n'):rep(200000)
  local id = made({ 'doc', 'new', 'Killed', '--body', '-' }, body)
  local child = world.child()
  child:cmd('edit heph://doc/' .. id)
  child:until_line('before')
  child:lua([[
    vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'after' })
    vim.schedule(function()
      vim.defer_fn(function() vim.uv.kill(vim.uv.os_getpid(), 'sigkill') end, 3)
      vim.cmd('write')
    end)
  ]])
  world.wait('it to be gone', function()
    return not pcall(vim.rpcrequest, child.channel, 'nvim_get_mode')
  end)
  local now = world.json({ 'doc', 'show', id }).body
  assert(now == body or now == 'after\n' .. body:sub(8), 'a third text')
  eq(world.json({ 'doc', 'new', 'Still there' }).kind, 'doc')
end)

test('a save without an answer goes on by itself', function()
  local id = made({ 'doc', 'new', 'Slow', '--body', 'start\n' })
  vim.cmd.edit('heph://doc/' .. id)
  world.type({ 'typed' })
  local pid = world.json({ 'daemon', 'status' }).pid
  vim.uv.kill(pid, 'sigstop')
  vim.cmd('write')
  eq(vim.bo.modified, true)
  has(world.last_said(), 'not saved yet')
  vim.uv.kill(pid, 'sigcont')
  world.wait('the answer', function()
    return not vim.bo.modified
  end)
  eq(heph({ 'doc', 'show', id }), 'typed\n')
end)

test('what is typed after a save without an answer stays unsaved', function()
  local id = made({ 'doc', 'new', 'Slower', '--body', 'start\n' })
  vim.cmd.edit('heph://doc/' .. id)
  world.type({ 'first' })
  local pid = world.json({ 'daemon', 'status' }).pid
  vim.uv.kill(pid, 'sigstop')
  vim.cmd('write')
  world.type({ 'second' })
  vim.uv.kill(pid, 'sigcont')
  world.wait('the answer', function()
    return world.last_said():find('saved "Slower"', 1, true)
  end)
  eq(vim.bo.modified, true)
  eq(world.lines(), { 'second' })
  vim.cmd('write')
  eq(heph({ 'doc', 'show', id }), 'second\n')
end)
