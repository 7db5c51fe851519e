--- Neovim in a terminal of 80 columns and 24 lines, and what a person sees there.
local world = require('world')

local M = {}

---@class heph.Terminal
local Terminal = {}
Terminal.__index = Terminal

--- The real program, as somebody starts it who has the plugin and nothing else.
---@param env table<string, string>?
---@return heph.Terminal
function M.open(env)
  -- The terminal is as large as the window that it is in.
  vim.o.columns, vim.o.lines, vim.o.laststatus, vim.o.cmdheight = 80, 25, 0, 1
  vim.cmd('enew')
  local root = vim.opt.runtimepath:get()[1]
  local argv = { 'nvim', '-u', 'NONE', '-i', 'NONE', '--cmd', 'set rtp^=' .. root }
  local start = 'filetype plugin on | syntax on | runtime plugin/heph.lua'
  vim.list_extend(argv, { '-c', start })
  local all = vim.tbl_extend('force', { TERM = 'xterm-256color', LANG = 'C.UTF-8' }, env or {})
  local options = { env = all }
  local job
  if vim.fn.has('nvim-0.11') == 1 then
    options.term = true
    job = vim.fn.jobstart(argv, options)
  else
    job = vim.fn.termopen(argv, options)
  end
  local self = setmetatable({ job = job, buf = vim.api.nvim_get_current_buf() }, Terminal)
  self:until_seen('[No Name]')
  return self
end

---@return string[] # the 24 lines, without trailing spaces
function Terminal:screen()
  return vim.tbl_map(function(line)
    return (line:gsub('%s+$', ''))
  end, vim.api.nvim_buf_get_lines(self.buf, -25, -1, false))
end

---@param keys string
function Terminal:press(keys)
  vim.fn.chansend(self.job, vim.keycode(keys))
end

--- Wait until the screen shows this.
---@param part string
---@return string[]
function Terminal:until_seen(part)
  local screen
  local came = vim.wait(30000, function()
    screen = self:screen()
    return table.concat(screen, '\n'):find(part, 1, true) ~= nil
  end, 20)
  if not came then
    error(('never saw %q on:\n%s'):format(part, table.concat(screen, '\n')), 2)
  end
  return screen
end

--- A screen for a page of the documentation: `nvim.ts` compares it with the page's.
---@param name string as the page's block says it
---@param lines string[]
function M.show(name, lines)
  io.stdout:write(
    ('\n{"screen":%s,"lines":%s}\n'):format(vim.json.encode(name), vim.json.encode(lines))
  )
end

function Terminal:close()
  vim.fn.jobstop(self.job)
end

world.terminal = M.open

return M
