--- The recorded exchanges, as the TypeScript tests read them, against one connection;
--- and ends that are not what they should be.
local world = require('world')
local eq = world.eq
local rpc = require('heph.rpc')

local HELLO =
  '{"jsonrpc":"2.0","method":"hello","params":{"protocol":1,"version":"0.1.0","pid":1,"started_at":1}}\n'

--- A server on a socket of its own.
---@param serve fun(client: uv.uv_pipe_t, line: string?) called with nil first, then with each line
local function server(serve)
  local path = vim.fn.tempname()
  local listening = assert(vim.uv.new_pipe(false))
  assert(listening:bind(path))
  listening:listen(16, function()
    local client = assert(vim.uv.new_pipe(false))
    listening:accept(client)
    serve(client)
    local rest = ''
    client:read_start(function(_, chunk)
      if not chunk then
        return not client:is_closing() and client:close()
      end
      rest = rest .. chunk
      for line in rest:gmatch('([^\n]*)\n') do
        serve(client, line)
      end
      rest = rest:match('[^\n]*$')
    end)
  end)
  return path, listening
end

--- Open, ask once, and what came of it.
local function ask(path, method, params, limits)
  local outcome
  local connection
  connection = rpc.open(path, {
    ready = function()
      connection:request(method, params, function(problem, result)
        outcome = { problem = problem, result = result }
      end)
    end,
    failed = function(problem)
      outcome = { failed = problem }
    end,
    ended = function() end,
    told = function() end,
  }, limits)
  world.wait('an outcome', function()
    return outcome
  end)
  connection:close()
  return outcome
end

test('a socket whose queue is full is dialled again', function()
  local path = vim.fn.tempname()
  local listening = assert(vim.uv.new_pipe(false))
  assert(listening:bind(path))
  local is_held = true
  listening:listen(1, function()
    local function take()
      local client = assert(vim.uv.new_pipe(false))
      listening:accept(client)
      client:write(HELLO)
      client:read_start(function(_, chunk)
        if chunk and chunk:find('task.next', 1, true) then
          client:write('{"jsonrpc":"2.0","id":1,"result":{"rows":[]}}\n')
        end
      end)
    end
    if not is_held then
      return take()
    end
    is_held = false
    vim.defer_fn(take, 200)
  end)
  local refused = 0
  for _ = 1, 8 do
    local other = assert(vim.uv.new_pipe(false))
    other:connect(path, function(err)
      refused = refused + (err and err:match('^EAGAIN') and 1 or 0)
    end)
  end
  local outcome = ask(path, 'task.next', {})
  listening:close()
  assert(refused > 0, 'the queue was never full')
  eq(outcome.result, { rows = {} })
end)

test('every recorded exchange is understood', function()
  local files = vim.fn.glob(world.root .. '/fixtures/rpc/*.json', false, true)
  assert(#files > 40)
  for _, file in ipairs(files) do
    local recorded = vim.json.decode(table.concat(vim.fn.readfile(file), '\n'))
    local heard
    local path, listening = server(function(client, line)
      if not line then
        return client:write(HELLO)
      end
      local message = vim.json.decode(line)
      if message.method == 'hello' then
        eq(message.params.protocol, 1)
        return
      end
      heard = message
      local reply = vim.deepcopy(recorded.reply)
      reply.id = message.id
      client:write(vim.json.encode(reply) .. '\n')
    end)
    local outcome = ask(path, recorded.request.method, recorded.request.params)
    listening:close()
    eq(heard.method, recorded.request.method)
    eq(heard.params, recorded.request.params)
    local luanil = { luanil = { object = true, array = true } }
    local plain = vim.json.decode(vim.json.encode(recorded.reply), luanil)
    eq(outcome, { problem = plain.error and plain.error.data, result = plain.result })
  end
end)

test('an answer in single bytes, and several in one piece, are all heard', function()
  local path, listening = server(function(client, line)
    if not line then
      for byte in HELLO:gmatch('.') do
        client:write(byte)
      end
    elseif not line:find('"hello"') then
      local id = vim.json.decode(line).id
      client:write(
        ('{"jsonrpc":"2.0","method":"changed","params":{}}\n{"jsonrpc":"2.0","id":%d,"result":{"ä":"\\u00fc"}}\n'):format(
          id
        )
      )
    end
  end)
  eq(ask(path, 'task.next', {}).result, { ['ä'] = 'ü' })
  listening:close()
end)

test('who is not hephd is not believed', function()
  for _, said in ipairs({
    'HTTP/1.1 400 Bad Request\n',
    '{"jsonrpc":"2.0","method":"hello","params":{}}\n',
    '{"jsonrpc":"2.0","method":"hello"}\n',
    '[1]\n[2\n',
    '"text"\n',
    ('x'):rep(100000) .. '\n',
  }) do
    local path, listening = server(function(client, line)
      if not line then
        client:write(said)
      end
    end)
    eq(ask(path, 'task.next', {}).failed.code, 'bad_socket')
    listening:close()
  end
end)

test('another protocol is refused, by name', function()
  local path, listening = server(function(client, line)
    if not line then
      client:write('{"jsonrpc":"2.0","method":"hello","params":{"protocol":2,"version":"9.0.0"}}\n')
    end
  end)
  eq(ask(path, 'task.next', {}).failed, {
    code = 'protocol_mismatch',
    daemon = 2,
    client = 1,
    daemon_version = '9.0.0',
  })
  listening:close()
end)

test('who says nothing has a time limit, before the greeting and after', function()
  local limits = { dial_ms = 2000, greeting_ms = 30, answer_ms = 30 }
  local path, listening = server(function() end)
  local failed = ask(path, 'task.next', {}, limits).failed
  eq({ failed.code, failed.limit_ms }, { 'silent', 30 })
  listening:close()
  path, listening = server(function(client, line)
    if not line then
      client:write(HELLO)
    end
  end)
  limits.greeting_ms = 5000
  eq(ask(path, 'task.next', {}, limits).problem.code, 'silent')
  listening:close()
end)

test('who hangs up says whether it may have been done', function()
  local path, listening = server(function(client, line)
    if not line then
      client:write(HELLO)
    elseif not line:find('"hello"') then
      client:close()
    end
  end)
  eq(ask(path, 'task.next', {}).problem, { code = 'lost', sent = true })
  listening:close()
  eq(ask(path, 'task.next', {}).failed, { code = 'lost', sent = false })
end)

test(
  'a client that is hung up on asks again under the same request id, and gives up in the end',
  function()
    local seen = {}
    local path, listening = server(function(client, line)
      if not line then
        client:write(HELLO)
      elseif not line:find('"hello"') then
        table.insert(seen, vim.json.decode(line).params.request_id)
        client:close()
      end
    end)
    vim.env.HEPH_SOCKET = path
    local outcome
    require('heph.client').change('task.add', { title = 'x' }, function(problem)
      outcome = problem
    end)
    world.wait('the end', function()
      return outcome
    end)
    listening:close()
    eq({ outcome.code, outcome.sent }, { 'no_daemon', true })
    eq(#seen, 4)
    for _, id in ipairs(seen) do
      eq(id, seen[1])
      eq(#id, 32)
    end
  end
)

test('a hand-over is waited for only as long as one can take', function()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder)
  vim.env.HEPH_SOCKET = folder .. '/s'
  local file = io.open(folder .. '/hand-over.json', 'w')
  -- A clock that jumped: ten minutes ahead is no hand-over.
  file:write(('{"until_ms": %d}'):format((os.time() + 600) * 1000))
  file:close()
  vim.cmd('Heph next')
  world.has(world.last_said(), 'nobody answers')
end)

test('hephd is asked to tell of changes once, however many buffers come and go', function()
  local asked, seqs = 0, {}
  local ends = {}
  local path, listening = server(function(client, line)
    if not line then
      table.insert(ends, client)
      return client:write(HELLO)
    end
    local message = vim.json.decode(line)
    if message.method == 'history.watch' then
      asked = asked + 1
      table.insert(seqs, message.params.since or 'now')
      client:write(('{"jsonrpc":"2.0","id":%d,"result":{"seq":7}}\n'):format(message.id))
    elseif message.method == 'task.next' then
      local result = '{"today":"2026-01-01","rows":[]}'
      client:write(('{"jsonrpc":"2.0","id":%d,"result":%s}\n'):format(message.id, result))
    end
  end)
  vim.env.HEPH_SOCKET = path
  for _ = 1, 5 do
    vim.cmd('Heph next')
    vim.cmd('bwipeout!')
  end
  vim.cmd('Heph next')
  eq(asked, 1)
  -- The connection is lost while somebody wants to know: it goes on where it was.
  ends[1]:close()
  world.wait('another question', function()
    return asked == 2
  end)
  eq(seqs, { 'now', 7 })
  listening:close()
end)
