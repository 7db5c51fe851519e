--- Being told of every change, through restarts of the daemon, without a gap. hephd is asked
--- once for each connection, however many come and go who want to know.
local M = {}

--- Pause before another try while nobody answers: no person waits for it.
local RETRY_MS = 500

---@alias heph.Connect fun(done: fun(problem: heph.Problem?, connection: heph.Connection?))

---@type heph.Connect
local connect
---@type fun(change: table?)? who wants to know
local told
---@type heph.Connection? the one over which hephd tells
local subscribed
---@type integer? the last entry of the change log that was told
local seq
local is_asking = false
--- It was tried in vain: what happened since is not known.
local was_deaf = false

local function later(ms)
  local timer = assert(vim.uv.new_timer())
  timer:start(ms, 0, function()
    timer:close()
    M.listen()
  end)
end

---@param problem heph.Problem?
---@param connection heph.Connection?
---@param begun { seq: integer }?
local function asked(problem, connection, begun)
  is_asking = false
  if problem or not begun then
    was_deaf = true
    return later(RETRY_MS)
  end
  local is_again = was_deaf or seq ~= nil
  subscribed, seq, was_deaf = connection, begun.seq, false
  if told and is_again then
    told(nil)
  end
end

--- Ask hephd to tell, where somebody wants to know and it does not yet.
function M.listen()
  if not told or subscribed or is_asking then
    return
  end
  is_asking = true
  connect(function(problem, connection)
    if not connection then
      return asked(problem)
    end
    connection:request('history.watch', seq and { since = seq } or {}, function(failure, begun)
      asked(failure, connection, begun)
    end)
  end)
end

--- `run(change)` is called for every change from now on, on the main loop; `run(nil)` says that
--- it listens again after it could not: what was known may be old.
---@param connected heph.Connect
---@param run fun(change: table?)
function M.begin(connected, run)
  connect, told, was_deaf = connected, vim.schedule_wrap(run), false
  M.listen()
end

--- Nobody wants to know any more.
function M.finish()
  told = nil
end

---@return boolean
function M.is_wanted()
  return told ~= nil
end

--- A notification has come.
---@param method string
---@param params table
function M.heard(method, params)
  if method ~= 'changed' then
    return
  end
  seq = params.seq
  if told then
    told(params)
  end
end

--- A connection has ended.
---@param connection heph.Connection
function M.lost(connection)
  if subscribed ~= connection then
    return
  end
  subscribed = nil
  -- Who wants to know after a while begins with what is then.
  seq = told and seq or nil
  M.listen()
end

return M
