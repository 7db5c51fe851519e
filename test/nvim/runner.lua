--- Runs one file of specs: `nvim -l runner.lua NAME`. One JSON line a test.
local here = vim.fs.dirname(vim.fn.fnamemodify(_G.arg[0], ':p'))
local root = vim.fs.dirname(vim.fs.dirname(here))
package.path = here .. '/?.lua;' .. package.path
vim.opt.runtimepath:prepend(root .. '/heph.nvim')
vim.cmd('filetype plugin on')
vim.cmd.runtime('plugin/heph.lua')

local function tell(name, problem)
  local value = problem == nil and vim.NIL or tostring(problem)
  local line = vim.json.encode({ problem = value })
  -- In this order, so that a line of ours is known by its beginning; Neovim's own end without a break.
  io.stdout:write(('\n{"name":%s,%s\n'):format(vim.json.encode(name), line:sub(2)))
  io.stdout:flush()
end

local only = _G.arg[2]
local world = require('world')

--- A test. Its name is read from the file too, so it stands there whole.
function _G.test(name, body)
  if only and not name:find(only, 1, true) then
    return
  end
  world.renew()
  local ok, problem = xpcall(body, debug.traceback)
  if not ok and #world.said > 0 then
    problem = ('%s\nsaid: %s'):format(problem, vim.inspect(world.said))
  end
  world.clean()
  tell(name, not ok and problem or nil)
end

local ok, problem = xpcall(dofile, debug.traceback, ('%s/specs/%s.lua'):format(here, _G.arg[1]))
if not ok then
  tell('(file)', problem)
  io.stderr:write(problem .. '\n')
end
tell('(end)', nil)
os.exit(0)
