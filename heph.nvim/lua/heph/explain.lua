--- What went wrong, in words. The only place that decides them.
local visible = require('heph.visible').visible

local M = {}

local function quote(text)
  return '"' .. visible(tostring(text)) .. '"'
end

local function plain(message, hint)
  return function()
    return message, hint
  end
end

local OTHER_VERSION = 'bring them together with: heph daemon restart'

---@type table<string, fun(problem: table): string, string?>
local WORDS = {
  usage = function(p)
    return p.message, p.hint
  end,
  no_daemon = function(p)
    local lost = p.sent and 'lost hephd, which may have made the change; ' or ''
    local message = ('cannot reach hephd on %s: %snobody answers'):format(p.socket, lost)
    return message, 'start it with: heph daemon start'
  end,
  no_access = function(p)
    return ('cannot open %s: it is not yours to open'):format(p.socket), 'see: heph daemon status'
  end,
  silent = function(p)
    local message = 'cannot get an answer from hephd on %s within %g s'
    return message:format(p.socket, p.limit_ms / 1000), 'see: heph daemon status'
  end,
  protocol_mismatch = function(p)
    local message = 'cannot talk to hephd %s: it speaks protocol %s, this heph.nvim %s'
    return message:format(p.daemon_version or '', p.daemon, p.client), OTHER_VERSION
  end,
  unknown_method = plain('cannot talk to this hephd: it is of another version', OTHER_VERSION),
  message_too_long = function(p)
    return ('cannot send %d bytes: %d is the most'):format(p.actual, p.max)
  end,
  bad_socket = function(p)
    return ('cannot use %s as a socket: %s'):format(p.socket, p.why)
  end,
  not_found = function(p)
    local KINDS = { doc = 'a document that is called', node = 'anything with the id' }
    return ('cannot find %s %s'):format(KINDS[p.kind] or ('the ' .. p.kind), quote(p.ref))
  end,
  ambiguous = function(p)
    local names = vim.tbl_map(function(node)
      return ('%s %s'):format(node.node_id, visible(node.title))
    end, p.candidates)
    local message = 'cannot tell which of these %s means: %s'
    return message:format(quote(p.ref), table.concat(names, ', ')), 'say more of the id'
  end,
  wrong_kind = function(p)
    local message = 'cannot take %s for a %s: it is the %s %s'
    return message:format(quote(p.ref), p.wanted, p.is.kind, quote(p.is.title))
  end,
  deleted = function(p)
    local message = ('cannot go on with the %s %s: it is deleted'):format(
      p.is.kind,
      quote(p.is.title)
    )
    return message, 'bring it back with :Heph undo'
  end,
  bad_date = function(p)
    local message = ('cannot read %s as a date'):format(quote(p.text))
    return message, 'say today, tomorrow, +3d, +2w, fri, 24 dec or 2026-12-24'
  end,
  bad_recurrence = function(p)
    local message = ('cannot read %s as a recurrence'):format(quote(p.text))
    return message, 'say daily, weekdays, weekly, monthly, "every 3 days", or an RRULE'
  end,
  not_recurring = function(p)
    return ('cannot skip %s: it does not recur'):format(quote(p.task.title))
  end,
  bad_value = function(p)
    return ('cannot use %s as a %s: it must be %s'):format(quote(p.text), p.field, p.allowed)
  end,
  too_long = function(p)
    local message = 'cannot take a %s of %d %s: %d is the most'
    return message:format(p.field, p.actual, p.unit, p.max)
  end,
  conflict = function(p)
    return ('cannot change this: %s has it, or changed meanwhile'):format(p.ref)
  end,
  timeout = function(p)
    local message = ('cannot answer within %g s'):format(p.limit_ms / 1000)
    return message, 'ask for less, such as one project'
  end,
  no_memory = plain(
    'cannot answer: hephd has no memory left; nothing was changed',
    'end what takes it, or: heph daemon restart'
  ),
  store_full = plain('cannot save: the disk is full; nothing was changed', 'make room, try again'),
  store_busy = plain(
    'cannot save: another program has the store locked; nothing was changed',
    'end that one, such as sqlite3, and try again'
  ),
  store_readonly = plain(
    'cannot save: the store is read-only; nothing was changed',
    'make it writable'
  ),
  store_damaged = function(p)
    return 'cannot read the store: ' .. p.detail, 'see: heph daemon status'
  end,
  request_reused = plain('cannot use a request id twice'),
  bad_params = function(p)
    return 'cannot ask this: ' .. visible(p.detail)
  end,
}

--- A problem as a sentence, and what to do about it.
---@param problem heph.Problem
---@return string message
---@return string? hint
function M.explain(problem)
  local words = WORDS[problem.code]
  if words then
    return words(problem)
  end
  local detail = problem.detail or problem.message or problem.code
  return 'cannot answer: ' .. visible(tostring(detail)), "hephd's log may say more"
end

return M
