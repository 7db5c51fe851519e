--- Asks the daemon, over one shared connection; never starts it. While a hand-over
--- is announced it waits for the next daemon and asks again: a change carries a
--- request id, so that it is made once however often it is asked for.
local hand_over = require('heph.hand_over')
local rpc = require('heph.rpc')
local subscription = require('heph.subscription')

local M = {}

--- Pause between two tries while the daemon is being replaced.
local RETRY_MS = 20
--- A daemon that drops the connection again and again is no daemon.
local LOSSES_MAX = 3

---@type heph.Paths
local paths
---@type heph.Connection? greeted, or on the way there
local connection
---@type fun(problem: heph.Problem?, connection: heph.Connection?)[] wait for it
local openers = {}
--- Asked for, and what follows from the answer is not done yet; of these, changes.
local under_way = 0
local changes_under_way = 0

local function after(ms, run)
  local timer = assert(vim.uv.new_timer())
  timer:start(ms, 0, function()
    timer:close()
    run()
  end)
end

local function is_loss(problem)
  return problem.code == 'lost' or problem.code == 'draining'
end

---@param asking heph.Asking
local function nobody(asking)
  return { code = 'no_daemon', socket = asking.socket, sent = asking.was_sent }
end

--- Dial, unless somebody has; all who wait are told together.
local function open()
  local mine
  mine = rpc.open(paths.socket, {
    ready = function()
      local waiting = openers
      openers = {}
      for _, tell in ipairs(waiting) do
        tell(nil, mine)
      end
      subscription.listen()
    end,
    failed = function(problem)
      if connection == mine then
        connection = nil
      end
      local waiting = openers
      openers = {}
      for _, tell in ipairs(waiting) do
        tell(problem)
      end
    end,
    ended = function()
      if connection == mine then
        connection = nil
      end
      subscription.lost(mine)
    end,
    told = subscription.heard,
  })
  connection = mine
end

---@param done fun(problem: heph.Problem?, connection: heph.Connection?)
local function connected(done)
  if connection and connection.hello then
    return done(nil, connection)
  end
  table.insert(openers, done)
  if not connection then
    open()
  end
end

---@class heph.Asking
---@field method string
---@field params table
---@field answer heph.Answer
---@field losses integer
---@field was_sent boolean
---@field socket string no other daemon than the one it was meant for

---@param asking heph.Asking
local function ask(asking)
  if asking.socket ~= paths.socket then
    return asking.answer(nobody(asking))
  end
  connected(function(problem, there)
    if problem then
      if not is_loss(problem) then
        asking.answer(problem)
      elseif hand_over.is_under_way(paths.hand_over) then
        after(RETRY_MS, function()
          ask(asking)
        end)
      else
        asking.answer(nobody(asking))
      end
      return
    end
    ---@cast there heph.Connection
    there:request(asking.method, asking.params, function(failure, result)
      if not (failure and is_loss(failure)) then
        return asking.answer(failure, result)
      end
      -- One that is leaving says so and closes a moment later: the next is dialled at once.
      if connection == there then
        connection = nil
      end
      asking.losses = asking.losses + 1
      asking.was_sent = asking.was_sent or failure.sent or false
      if asking.losses > LOSSES_MAX and not hand_over.is_under_way(paths.hand_over) then
        return asking.answer(nobody(asking))
      end
      after(RETRY_MS, function()
        ask(asking)
      end)
    end)
  end)
end

local function begin(method, params, answer)
  paths = require('heph.paths').get()
  local why = require('heph.paths').problem(paths.socket)
  if why then
    return answer({ code = 'bad_socket', socket = paths.socket, why = why })
  end
  if connection and connection.socket ~= paths.socket then
    M.close()
  end
  ask({
    method = method,
    params = params,
    answer = answer,
    losses = 0,
    was_sent = false,
    socket = paths.socket,
  })
end

--- Ask something. The answer comes on the main loop, once.
---@param method string
---@param params table
---@param answer heph.Answer
function M.request(method, params, answer)
  begin(method, params, M.later(answer))
end

--- The function, to be called once from anywhere, and run on the main loop. `settle` waits for it.
---@param run function
---@return function
function M.later(run)
  under_way = under_way + 1
  return vim.schedule_wrap(function(...)
    under_way = under_way - 1
    run(...)
  end)
end

--- Wait until every request has its answer, and what the answers asked for has come too.
---@param limit_ms integer
---@return boolean # it has
function M.settle(limit_ms)
  return (vim.wait(limit_ms, function()
    return under_way == 0
  end, 5))
end

--- Ask for something that is needed while the editor may not go on: the answer comes in a
--- fast event, so that it can be waited for without anything else happening meanwhile.
---@param method string
---@param params table
---@param answer heph.Answer must not call the editor
function M.request_fast(method, params, answer)
  begin(method, params, answer)
end

--- Ask for a change. It is made once, or not at all.
---@param method string
---@param params table
---@param answer heph.Answer
function M.change(method, params, answer)
  local request_id = vim.uv.random(16):gsub('.', function(byte)
    return ('%02x'):format(byte:byte())
  end)
  changes_under_way = changes_under_way + 1
  M.request(method, vim.tbl_extend('force', params, { request_id = request_id }), function(...)
    changes_under_way = changes_under_way - 1
    answer(...)
  end)
end

--- Wait until the changes that were asked for have been made, or refused.
---@param limit_ms integer
---@return boolean # they have
function M.settle_changes(limit_ms)
  return (vim.wait(limit_ms, function()
    return changes_under_way == 0
  end, 5))
end

--- Be told of every change from now on; see subscription.lua.
---@param told fun(change: table?) on the main loop
function M.watch(told)
  paths = require('heph.paths').get()
  subscription.begin(connected, told)
end

function M.unwatch()
  subscription.finish()
end

---@return boolean
function M.is_watching()
  return subscription.is_wanted()
end

--- What the daemon says of itself; nil while there is no connection.
---@return table?
function M.hello()
  return connection and connection.hello
end

--- End the connection. The next request opens another.
function M.close()
  local old = connection
  connection = nil
  if old then
    old:fail({ code = 'lost', sent = true })
  end
end

return M
