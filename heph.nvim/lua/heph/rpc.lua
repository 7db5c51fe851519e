--- One greeted connection: requests out, answers in. Runs in fast events, so
--- that an answer also comes to who waits for it with `vim.wait`; it calls
--- nothing of the editor, and neither may the callbacks.
local M = {}

M.PROTOCOL = 1
M.VERSION = '0.1.0'

--- A message's limit, without its newline; the daemon drops who sends more.
local MESSAGE_BYTES_MAX = 16777216
local RETRY_MS = 20

---@class heph.Limits times in milliseconds
---@field dial_ms integer
---@field greeting_ms integer
---@field answer_ms integer
local LIMITS = { dial_ms = 2000, greeting_ms = 5000, answer_ms = 45000 }

--- Why there is no answer: what the daemon said (see docs/reference/rpc.md), or what a
--- client sees: no_daemon, no_access, silent, protocol_mismatch, message_too_long,
--- bad_socket; inside here also `lost`, with `sent`: it may have been carried out.
---@class heph.Problem
---@field code string

---@alias heph.Answer fun(problem: heph.Problem?, result: any)

---@class heph.ConnectionEvents
---@field ready fun(hello: table) greeted; requests may be sent
---@field failed fun(problem: heph.Problem) never became ready
---@field ended fun() was ready, and is no more
---@field told fun(method: string, params: any) what the daemon says unasked

---@class heph.Connection
---@field hello table? what the daemon said of itself
local Connection = {}
Connection.__index = Connection

---@param limit_ms integer
---@param late fun()
---@return uv.uv_timer_t
local function after(limit_ms, late)
  local timer = assert(vim.uv.new_timer())
  timer:start(limit_ms, 0, late)
  return timer
end

local function stop(timer)
  if timer and not timer:is_closing() then
    timer:close()
  end
end

--- Dial and greet. Exactly one of `ready` and `failed` is called.
---@param socket string
---@param events heph.ConnectionEvents
---@param limits heph.Limits?
---@return heph.Connection
function M.open(socket, events, limits)
  local self = setmetatable({
    socket = socket,
    events = events,
    limits = limits or LIMITS,
    parts = {},
    waiting = {},
    last_id = 0,
    is_open = true,
  }, Connection)
  self:limit_opening(self.limits.dial_ms)
  self:dial()
  return self
end

function Connection:dial()
  self.pipe = assert(vim.uv.new_pipe(false))
  self.pipe:connect(self.socket, function(err)
    if not self.is_open then
      return
    end
    if err and err:match('^EAGAIN') then
      return self:dial_again()
    end
    if err then
      return self:fail(self:dial_problem(err))
    end
    self:limit_opening(self.limits.greeting_ms)
    self.pipe:read_start(function(read_err, chunk)
      if read_err or not chunk then
        self:fail({ code = 'lost', sent = true })
      else
        self:received(chunk)
      end
    end)
  end)
end

--- More wait to be let in than the kernel queues: somebody is there, and busy.
function Connection:dial_again()
  self.pipe:close()
  local timer
  timer = after(RETRY_MS, function()
    stop(timer)
    if self.is_open then
      self:dial()
    end
  end)
end

--- Ask. The answer comes once, unless the connection is closed from this end.
---@param method string
---@param params table
---@param answer heph.Answer
function Connection:request(method, params, answer)
  if not self.is_open then
    return answer({ code = 'lost', sent = false })
  end
  self.last_id = self.last_id + 1
  local id = self.last_id
  if next(params) == nil then
    params = vim.empty_dict()
  end
  local message = { jsonrpc = '2.0', id = id, method = method, params = params }
  local line = vim.json.encode(message)
  if #line > MESSAGE_BYTES_MAX then
    -- Each slash has come out as two bytes; it need not.
    line = line:gsub('\\/', '/')
  end
  if #line > MESSAGE_BYTES_MAX then
    return answer({ code = 'message_too_long', max = MESSAGE_BYTES_MAX, actual = #line })
  end
  self.waiting[id] = { answer = answer, timer = self:answer_limit() }
  self.pipe:write(line .. '\n')
end

function Connection:close()
  self.is_open = false
  stop(self.opening)
  for _, waiting in pairs(self.waiting) do
    stop(waiting.timer)
  end
  self.waiting = {}
  if not self.pipe:is_closing() then
    self.pipe:close()
  end
end

function Connection:limit_opening(limit_ms)
  stop(self.opening)
  self.opening = after(limit_ms, function()
    self:fail(self:silent(limit_ms))
  end)
end

function Connection:answer_limit()
  local limit_ms = self.limits.answer_ms
  return after(limit_ms, function()
    self:fail(self:silent(limit_ms))
  end)
end

function Connection:silent(limit_ms)
  return { code = 'silent', socket = self.socket, limit_ms = limit_ms }
end

function Connection:dial_problem(err)
  if err:match('^EACCES') or err:match('^EPERM') then
    return { code = 'no_access', socket = self.socket }
  end
  return { code = 'lost', sent = false }
end

--- The end: whoever waits is told, then the owner.
---@param problem heph.Problem
function Connection:fail(problem)
  if not self.is_open then
    return
  end
  local waiting, was_ready = self.waiting, self.hello ~= nil
  self.waiting = {}
  self:close()
  for _, each in pairs(waiting) do
    stop(each.timer)
    each.answer(problem)
  end
  if was_ready then
    self.events.ended()
  else
    self.events.failed(problem)
  end
end

--- Bytes to lines. A part is joined only once its line is whole: a body comes in many.
function Connection:received(chunk)
  local from = 1
  while true do
    local newline = chunk:find('\n', from, true)
    if not newline then
      break
    end
    table.insert(self.parts, chunk:sub(from, newline - 1))
    local line = table.concat(self.parts)
    self.parts = {}
    from = newline + 1
    local ok = self:message(line)
    if not self.is_open then
      return
    end
    if not ok then
      local why = 'whoever answers there is not hephd'
      self:fail({ code = 'bad_socket', socket = self.socket, why = why })
      return
    end
  end
  table.insert(self.parts, chunk:sub(from))
end

---@return boolean # whether it is something that hephd would say
function Connection:message(line)
  local ok, message = pcall(vim.json.decode, line, { luanil = { object = true, array = true } })
  if not ok or type(message) ~= 'table' then
    return false
  end
  if message.method == 'hello' then
    return self:greeted(message.params)
  elseif message.method == 'progress' then
    self:progress(message.params)
  elseif message.method then
    self.events.told(message.method, message.params)
  elseif message.error then
    return self:refused(message)
  elseif message.id then
    self:take(message.id)(nil, message.result)
  end
  return true
end

function Connection:greeted(hello)
  if type(hello) ~= 'table' or not hello.protocol or not hello.version then
    return false
  end
  if hello.protocol ~= M.PROTOCOL then
    self:fail({
      code = 'protocol_mismatch',
      daemon = hello.protocol,
      client = M.PROTOCOL,
      daemon_version = hello.version,
    })
    return true
  end
  stop(self.opening)
  self.hello = hello
  local params = { protocol = M.PROTOCOL, version = M.VERSION }
  self.pipe:write(vim.json.encode({ jsonrpc = '2.0', method = 'hello', params = params }) .. '\n')
  self.events.ready(hello)
  return true
end

--- What is at work is not silent: its time begins anew.
function Connection:progress(params)
  local waiting = self.waiting[tonumber(params and params.id)]
  if waiting then
    stop(waiting.timer)
    waiting.timer = self:answer_limit()
  end
end

--- Without an id it speaks of the connection, and so of all that wait on it.
function Connection:refused(message)
  local problem = message.error.data
  if type(problem) ~= 'table' or type(problem.code) ~= 'string' then
    return false
  end
  if message.id then
    self:take(message.id)(problem)
    return true
  end
  for _, id in ipairs(vim.tbl_keys(self.waiting)) do
    self:take(id)(problem)
  end
  return true
end

---@return heph.Answer # of whoever waits for it; nobody, where it came too late
function Connection:take(id)
  local waiting = self.waiting[tonumber(id)]
  if not waiting then
    return function() end
  end
  self.waiting[tonumber(id)] = nil
  stop(waiting.timer)
  return waiting.answer
end

return M
