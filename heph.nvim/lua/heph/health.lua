--- `:checkhealth heph`.
local M = {}

local function editor()
  vim.health.start('Neovim')
  local version = vim.version()
  local text = ('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch)
  if vim.fn.has('nvim-0.10') == 1 then
    vim.health.ok(text)
  else
    vim.health.error(text .. ': heph.nvim needs 0.10 or newer')
  end
end

---@param hello table what the daemon said of itself
local function versions(hello)
  local rpc = require('heph.rpc')
  vim.health.ok(('hephd %s answers, process %d'):format(hello.version, hello.pid or 0))
  vim.health.ok(('both speak protocol %d'):format(hello.protocol))
  if hello.version == rpc.VERSION then
    vim.health.ok(('heph.nvim %s'):format(rpc.VERSION))
  else
    vim.health.warn(
      ('heph.nvim is of %s, hephd of %s: they understand each other'):format(
        rpc.VERSION,
        hello.version
      ),
      { 'bring them together with: heph daemon restart' }
    )
  end
end

local function daemon()
  vim.health.start('hephd')
  local paths = require('heph.paths').get()
  vim.health.info('socket: ' .. paths.socket)
  if vim.uv.os_getenv('HEPH_SOCKET') then
    vim.health.info('HEPH_SOCKET says so')
  end
  local client, answer = require('heph.client'), nil
  client.request('journal.read', {}, function(problem, page)
    answer = { problem = problem, page = page }
  end)
  vim.wait(10000, function()
    return answer ~= nil
  end, 10)
  if answer and not answer.problem then
    local hello = client.hello()
    if hello then
      versions(hello)
    end
    vim.health.ok('the store can be read; today is ' .. answer.page.day)
  else
    local problem = answer and answer.problem
      or { code = 'silent', socket = paths.socket, limit_ms = 10000 }
    local message, hint = require('heph.explain').explain(problem)
    vim.health.error(message, hint and { hint } or nil)
  end
  local is_under_way = require('heph.hand_over').is_under_way(paths.hand_over)
  vim.health.info(is_under_way and 'a restart is under way' or 'no restart is under way')
end

local function programs()
  vim.health.start('The command line')
  local path = vim.fn.exepath('heph')
  if path ~= '' then
    vim.health.ok('heph is ' .. path)
  else
    local advice = { 'not needed here, but for: heph daemon start' }
    vim.health.warn('heph is not on the PATH of this Neovim', advice)
  end
end

local function buffers()
  vim.health.start('Buffers')
  local config = require('heph.config').get()
  vim.health.info(config.keymaps and 'keys are set; see :help heph-keys' or 'no keys are set')
  vim.health.info("links, tags and projects complete with CTRL-X CTRL-O, by 'omnifunc'")
  local is_watching = require('heph.client').is_watching()
  vim.health.info(is_watching and 'told of changes elsewhere' or 'no buffer of heph is open')
end

function M.check()
  editor()
  daemon()
  programs()
  buffers()
end

return M
