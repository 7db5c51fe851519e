--- What a daemon that is being replaced leaves behind: until when to wait for the next one.
local M = {}

--- No hand-over takes longer; a moment further off is a clock that jumped.
local AHEAD_MS_MAX = 120000

---@return integer # epoch milliseconds
local function now_ms()
  local seconds, microseconds = vim.uv.gettimeofday()
  return seconds * 1000 + math.floor(microseconds / 1000)
end

--- Whether a missing daemon is one that is being replaced. May be asked in fast events.
---@param path string of the hand-over file, `{"until_ms": …}`
---@return boolean
function M.is_under_way(path)
  local file = io.open(path)
  if not file then
    return false
  end
  local ok, said = pcall(vim.json.decode, file:read('*a'))
  file:close()
  local until_ms = ok and type(said) == 'table' and said.until_ms
  local now = now_ms()
  return type(until_ms) == 'number' and until_ms > now and until_ms <= now + AHEAD_MS_MAX
end

return M
