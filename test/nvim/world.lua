--- What the specs share: the real heph, what was said, and a Neovim with a screen.
local M = {}

--- How long to wait for what has to come. A limit, not a measure.
local LIMIT_MS = 30000

--- What was told to the person, the newest last.
---@type string[]
M.said = {}

--- The checkout.
M.root = vim.fs.dirname(vim.opt.runtimepath:get()[1])

local children = {}

vim.notify = function(text)
  table.insert(M.said, text)
end

function M.renew()
  M.said = {}
  vim.v.errmsg = ''
  vim.env.HEPH_SOCKET = nil
end

function M.clean()
  for _, child in ipairs(children) do
    pcall(vim.fn.jobstop, child)
  end
  children = {}
  vim.cmd('silent! %bwipeout!')
  vim.cmd('silent! only!')
end

---@param got any
---@param wanted any
function M.eq(got, wanted)
  if not vim.deep_equal(got, wanted) then
    error(('got %s, wanted %s'):format(vim.inspect(got), vim.inspect(wanted)), 2)
  end
end

---@param text string
---@param part string
function M.has(text, part)
  if not tostring(text):find(part, 1, true) then
    error(('no %q in: %s'):format(part, text), 2)
  end
end

--- Run heph; what it printed.
---@param words string[]
---@param stdin string?
---@return string
function M.heph(words, stdin)
  local argv = vim.list_extend({ 'heph' }, words)
  local done = vim.system(argv, { stdin = stdin, text = false }):wait()
  if done.code ~= 0 then
    error(('heph %s: %s'):format(table.concat(words, ' '), done.stderr), 2)
  end
  return done.stdout
end

--- The id of what it made.
---@return string
function M.made(words, stdin)
  return (M.heph(words, stdin):match('01%w+'))
end

---@return table
function M.json(words)
  return vim.json.decode(M.heph(vim.list_extend(words, { '--json' })))
end

---@param what string
---@param probe fun(): any
---@return any
function M.wait(what, probe)
  local value
  local came = vim.wait(LIMIT_MS, function()
    value = probe()
    return value
  end, 10)
  if not came then
    error('waited in vain for ' .. what, 2)
  end
  return value
end

---@return string[]
function M.lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

---@return string
function M.text()
  return table.concat(M.lines(), '\n')
end

---@param lines string[]
function M.type(lines)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
end

--- The newest thing that was said.
function M.last_said()
  return M.said[#M.said] or ''
end

---@class heph.Child a Neovim with a screen, and heph.nvim
local Child = {}
Child.__index = Child

---@param env table<string, string>?
---@return heph.Child
function M.child(env)
  local root = vim.opt.runtimepath:get()[1]
  local argv = { 'nvim', '--embed', '-u', 'NONE', '--cmd', 'set rtp^=' .. root }
  vim.list_extend(argv, { '-c', 'filetype plugin on | runtime plugin/heph.lua' })
  local channel = vim.fn.jobstart(argv, { rpc = true, env = env })
  table.insert(children, channel)
  local child = setmetatable({ channel = channel }, Child)
  vim.rpcrequest(channel, 'nvim_ui_attach', 80, 24, {})
  child:lua([[
    Said, Asked = {}, {}
    vim.notify = function(text) table.insert(Said, text) end
    vim.ui.select = function(items, options, chosen)
      local labels = vim.tbl_map(options.format_item or tostring, items)
      table.insert(Asked, { prompt = options.prompt, labels = labels })
      for i, label in ipairs(labels) do
        if Choice and label:find(Choice, 1, true) then return chosen(items[i], i) end
      end
      chosen(nil)
    end
    vim.ui.input = function(options, given)
      table.insert(Asked, { prompt = options.prompt, default = options.default })
      given(Input)
    end
  ]])
  return child
end

---@param code string
---@param ... any
---@return any
function Child:lua(code, ...)
  return vim.rpcrequest(self.channel, 'nvim_exec_lua', code, { ... })
end

---@param command string
function Child:cmd(command)
  vim.rpcrequest(self.channel, 'nvim_command', command)
end

---@return string[]
function Child:lines()
  return vim.rpcrequest(self.channel, 'nvim_buf_get_lines', 0, 0, -1, false)
end

---@param keys string
function Child:keys(keys)
  vim.rpcrequest(self.channel, 'nvim_input', keys)
end

--- Wait until a line of the current buffer has this.
---@param part string
---@return string[]
function Child:until_line(part)
  return M.wait('a line with ' .. part, function()
    local lines = self:lines()
    return table.concat(lines, '\n'):find(part, 1, true) and lines
  end)
end

---@param part string
function Child:until_said(part)
  return M.wait('somebody to say ' .. part, function()
    local said = table.concat(self:lua('return Said'), '\n')
    return said:find(part, 1, true) and said
  end)
end

function Child:kill()
  vim.fn.jobstop(self.channel)
end

--- A document of its own, opened.
---@param body string
---@return string id
function M.doc(body)
  local id = M.made({ 'doc', 'new', 'Doc ' .. vim.uv.hrtime(), '--body', '-' }, body)
  vim.cmd.edit('heph://doc/' .. id)
  return id
end

---@param id string
---@return string # as hephd has it
function M.body_of(id)
  return M.json({ 'doc', 'show', id }).body
end

return M
