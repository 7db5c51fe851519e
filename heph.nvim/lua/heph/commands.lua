--- `:Heph NAME …`: every command, and what it takes.
local M = {}

--- The names that `heph://list/NAME` may have.
M.LISTS = { 'home', 'next', 'list', 'search', 'backlinks', 'log', 'journals' }

---@class heph.Command
---@field run fun(call: heph.Call)
---@field summary string
---@field complete string? what its words are; see command_line.lua

---@param name string
---@param words string[]
---@param win integer?
local function open_list(name, words, win)
  require('heph.open').edit(require('heph.uri').make('list', name, words), win)
end

---@param name string
---@return fun(call: heph.Call)
local function list(name)
  return function(call)
    open_list(name, call.words, call.win)
  end
end

--- A function of a module that is loaded when the command is run.
---@param module string
---@param name string
---@return fun(call: heph.Call)
local function of(module, name)
  return function(call)
    require('heph.' .. module)[name](call)
  end
end

---@param call heph.Call
local function today(call)
  local say = require('heph.say')
  local words = table.concat(call.words, ' ')
  local params = words ~= '' and { date = words } or {}
  require('heph.client').request(
    'journal.read',
    params,
    say.unless_problem(function(page)
      require('heph.open').edit(require('heph.uri').make('journal', page.day), call.win)
    end)
  )
end

---@param call heph.Call
local function search(call)
  if #call.words > 0 then
    return open_list('search', { table.concat(call.words, ' ') }, call.win)
  end
  if not require('heph.pick').is_possible() then
    return require('heph.say').cannot('cannot search for nothing', 'as in: :Heph search boiler')
  end
  require('heph.pick').ask('Search:', nil, function(words)
    open_list('search', { words }, call.win)
  end)
end

---@param call heph.Call
local function backlinks(call)
  local name = require('heph.options').text(call.words)
  require('heph.target').node(call, name ~= '' and name or nil, 'Links to:', function(id)
    open_list('backlinks', { id }, call.win)
  end)
end

---@param call heph.Call
local function context(call)
  require('heph.target').node(call, call.words[1], 'Context of:', function(id)
    require('heph.client').request(
      'context.read',
      { id = id },
      require('heph.say').unless_problem(function(node)
        require('heph.open').edit(require('heph.uri').of_node(node), call.win)
      end)
    )
  end)
end

---@param call heph.Call
local function open(call)
  local title = require('heph.options').text(call.words)
  if title ~= '' then
    return require('heph.follow').target(title)
  end
  require('heph.pick').node_by_words('Open:', function(node)
    require('heph.open').edit(require('heph.uri').of_node(node), call.win)
  end)
end

---@type table<string, heph.Command>
M.COMMANDS = {
  home = { run = list('home'), summary = "today's page, what is next, and the last documents" },
  today = { run = today, summary = 'the page of today, or of another day: today last friday' },
  journals = { run = list('journals'), summary = 'the pages of the last fourteen days' },
  next = { run = list('next'), summary = 'what is next' },
  list = {
    run = list('list'),
    summary = 'tasks, by --project, --tag and others',
    complete = 'list',
  },
  search = { run = search, summary = 'what has these words' },
  open = {
    run = open,
    summary = 'a document by its title, or one that is picked',
    complete = 'doc',
  },
  done = { run = of('tasks', 'done'), summary = 'mark a task done', complete = 'task' },
  drop = { run = of('tasks', 'drop'), summary = 'drop a task', complete = 'task' },
  skip = { run = of('tasks', 'skip'), summary = 'let an occurrence pass', complete = 'task' },
  log = { run = of('tasks', 'log'), summary = 'note the words, or show the log', complete = 'task' },
  task = { run = of('tasks', 'task'), summary = 'file a task', complete = 'add' },
  context = { run = context, summary = 'the text behind a task', complete = 'task' },
  backlinks = { run = backlinks, summary = 'what links here', complete = 'doc' },
  promote = { run = of('linking', 'promote'), summary = 'make lines tasks', complete = 'add' },
  linkify = { run = of('linking', 'linkify'), summary = 'make words a link' },
  extract = { run = of('linking', 'extract'), summary = 'make a text a document of its own' },
  undo = { run = of('tasks', 'undo'), summary = 'take back the newest change in heph' },
}

---@return string[]
function M.names()
  local names = vim.tbl_keys(M.COMMANDS)
  table.sort(names)
  return names
end

--- Run a command as it was given to `:Heph`.
---@param given vim.api.keyset.create_user_command.command_args
function M.run(given)
  local words = vim.list_slice(given.fargs, 2)
  local name = given.fargs[1] or 'home'
  local command = M.COMMANDS[name]
  if not command then
    local hint = 'there are: ' .. table.concat(M.names(), ', ')
    return require('heph.say').cannot(('cannot run :Heph %s: no such command'):format(name), hint)
  end
  command.run({
    words = words,
    buf = vim.api.nvim_get_current_buf(),
    win = vim.api.nvim_get_current_win(),
    range = given.range,
    first = given.line1,
    last = given.line2,
  })
  require('heph.open').settle()
end

return M
