--- What a user may set. Everything works without.
local M = {}

---@class heph.Config
---@field keymaps boolean keys in the buffers of heph; the <Plug> maps are always there
---@field conceal boolean hide the brackets of links, and what a link shows another text for
---@field winbar boolean the title of a document above its text
---@field socket string? where hephd answers, before HEPH_SOCKET
---@field next_limit integer how many tasks `:Heph next` shows
local defaults = {
  keymaps = true,
  conceal = true,
  winbar = true,
  socket = nil,
  next_limit = 20,
}

local TYPES = {
  keymaps = 'boolean',
  conceal = 'boolean',
  winbar = 'boolean',
  socket = 'string',
  next_limit = 'number',
}

local current = defaults

---@return heph.Config
function M.get()
  return current
end

--- Errors where an option is unknown or of another type.
---@param options table?
function M.set(options)
  options = options or {}
  for name, value in pairs(options) do
    if not TYPES[name] then
      local known = vim.tbl_keys(TYPES)
      table.sort(known)
      error(('heph: no option "%s"; there are %s'):format(name, table.concat(known, ', ')), 0)
    end
    if type(value) ~= TYPES[name] then
      error(('heph: the option "%s" must be a %s'):format(name, TYPES[name]), 0)
    end
  end
  current = vim.tbl_extend('force', defaults, options)
end

return M
