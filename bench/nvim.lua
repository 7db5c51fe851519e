--- What heph.nvim costs, measured inside Neovim: `nvim -l nvim.lua`. JSON on standard output.
local root = vim.fs.dirname(vim.fs.dirname(vim.fn.fnamemodify(_G.arg[0], ':p')))
local ROUNDS = 50

vim.opt.runtimepath:prepend(root .. '/heph.nvim')
vim.cmd.runtime('plugin/heph.lua')

---@param run fun()
---@param rounds integer
---@return number # the median, in milliseconds
local function median(run, rounds)
  local times = {}
  for i = 1, rounds do
    local began = vim.uv.hrtime()
    run()
    times[i] = (vim.uv.hrtime() - began) / 1e6
  end
  table.sort(times)
  return times[math.ceil(rounds / 2)]
end

--- What the plugin adds to the start of Neovim, by Neovim's own account.
---@return number # milliseconds
local function startup()
  local log, times = vim.fn.tempname(), {}
  for i = 1, 20 do
    vim.fn.delete(log)
    local argv = { 'nvim', '--headless', '-u', 'NONE', '--startuptime', log }
    vim.list_extend(argv, { '--cmd', 'set rtp^=' .. root .. '/heph.nvim' })
    vim.list_extend(argv, { '-c', 'runtime plugin/heph.lua', '-c', 'qa!' })
    vim.system(argv):wait()
    for line in io.lines(log) do
      local took = line:match('^%S+%s+(%S+)%s+%S+: sourcing .*plugin/heph%.lua')
      times[i] = took and tonumber(took) or times[i]
    end
  end
  table.sort(times)
  return times[10]
end

--- The same question, answered and not shown.
local function ask()
  local is_there = false
  local params = { limit = 20, short_ids = true }
  require('heph').request('task.next', params, function()
    is_there = true
  end)
  vim.wait(20000, function()
    return is_there
  end, 1)
end

local function show()
  vim.cmd('Heph next')
  vim.cmd('redraw')
  vim.cmd('bwipeout!')
end

--- One letter typed into a text of 5 MB and drawn, with a screen.
---@param command string opens the buffer
local function typing(command)
  local argv = { 'nvim', '--embed', '-u', 'NONE', '--cmd', 'set rtp^=' .. root .. '/heph.nvim' }
  vim.list_extend(argv, { '-c', 'runtime plugin/heph.lua' })
  local child = vim.fn.jobstart(argv, { rpc = true })
  vim.rpcrequest(child, 'nvim_ui_attach', 80, 24, {})
  local took = vim.rpcrequest(
    child,
    'nvim_exec_lua',
    [[
      vim.cmd(...)
      vim.wait(20000, function() return vim.api.nvim_buf_line_count(0) > 1000 end)
      vim.cmd('normal! 5000G')
      local times = {}
      for i = 1, 300 do
        local began = vim.uv.hrtime()
        vim.api.nvim_feedkeys('ax', 'nx', false)
        vim.cmd('redraw')
        times[i] = (vim.uv.hrtime() - began) / 1e6
      end
      table.sort(times)
      return times[150]
    ]],
    { command }
  )
  vim.fn.jobstop(child)
  return took
end

local body = ('A line with a [[link|to something]] and words.\n'):rep(110000)
local made = vim
  .system({ 'heph', 'doc', 'new', 'Five megabytes', '--body', '-' }, { stdin = body })
  :wait()
local id = made.stdout:match('01%w+')
local file = vim.fn.tempname() .. '.txt'
vim.fn.writefile(vim.split(body, '\n'), file)

io.stdout:write(vim.json.encode({
  version = tostring(vim.version()),
  startup_ms = startup(),
  ask_ms = median(ask, ROUNDS),
  show_ms = median(show, ROUNDS),
  typing_plain_ms = typing('edit ' .. file),
  typing_heph_ms = typing('edit heph://doc/' .. id),
}) .. '\n')
os.exit(0)
