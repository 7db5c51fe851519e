--- Where the daemon answers. The rules are those of docs/reference/paths.md.
local M = {}

--- What a kernel accepts as a socket's path everywhere: macOS has room for 103 bytes.
local SOCKET_BYTES_MAX = 103

---@class heph.Paths
---@field socket string where hephd answers
---@field hand_over string beside the store: until when to wait for the next daemon

---@param name string
---@return string? # nil where the variable is empty, as where it is not set
local function from_env(name)
  local value = vim.uv.os_getenv(name)
  return value ~= '' and value or nil
end

---@param path string
---@return string
local function absolute(path)
  return vim.startswith(path, '/') and path or (vim.uv.cwd() .. '/' .. path)
end

--- Read anew each time: the environment may change while Neovim runs.
---@return heph.Paths
function M.get()
  local data = vim.uv.os_homedir() .. '/.local/share/heph'
  local own = require('heph.config').get().socket or from_env('HEPH_SOCKET')
  local socket = absolute(own or (data .. '/hephd.sock'))
  local beside = own and vim.fs.dirname(socket) or data
  local db = absolute(from_env('HEPH_DB') or (beside .. '/heph.db'))
  return { socket = socket, hand_over = vim.fs.dirname(db) .. '/hand-over.json' }
end

---@param socket string
---@return string? # why it cannot be a socket's path; nil where it can
function M.problem(socket)
  if #socket <= SOCKET_BYTES_MAX then
    return nil
  end
  return ('its path is %d bytes long, and %d is the most; set HEPH_SOCKET to a shorter one'):format(
    #socket,
    SOCKET_BYTES_MAX
  )
end

return M
