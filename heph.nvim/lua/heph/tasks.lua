--- What is done with tasks, and taken back.
local client = require('heph.client')
local say = require('heph.say')
local target = require('heph.target')

local M = {}

--- What `:Heph task` and `:Heph promote` take besides a title.
M.OPTIONS = {
  project = 'value',
  ['do-date'] = 'value',
  ['late-on'] = 'value',
  recur = 'value',
  ['recur-from'] = 'value',
  attention = 'value',
  tag = 'many',
  context = 'value',
  key = 'value',
}

local PARAM_NAMES = { tag = 'tags' }

---@param values table<string, any>
---@return table # params of `task.add`
function M.params(values)
  local params = {}
  for name, value in pairs(values) do
    params[PARAM_NAMES[name] or name:gsub('-', '_')] = value
  end
  return params
end

local function quoted(rows)
  return #rows == 1 and say.named(rows[1].title) or ('%d tasks'):format(#rows)
end

local WORDS = {
  ['task.done'] = 'done',
  ['task.drop'] = 'dropped',
  ['task.skip'] = 'skipped',
}

--- What a checkbox shows of a task that it leads to.
local BOXES = { done = 'x', dropped = '~' }

--- The lines of a text that lead to these tasks show what has become of them.
local function check_boxes(call, rows)
  if #call.words > 0 or not require('heph.document').of(call.buf) then
    return
  end
  local text = require('heph.text')
  for _, row in ipairs(rows) do
    local box = BOXES[row.state]
    for i, line in ipairs(vim.api.nvim_buf_get_lines(call.buf, 0, -1, false)) do
      local item = box and line:find(row.node_id, 1, true) and text.checkbox(line)
      if item then
        local from = #item.head
        vim.api.nvim_buf_set_text(call.buf, i - 1, from, i - 1, from + 1, { box })
      end
    end
  end
end

---@param method 'task.done'|'task.drop'|'task.skip'
---@param prompt string
---@return fun(call: heph.Call)
local function ending(method, prompt)
  return function(call)
    target.tasks(call, prompt, function(ids)
      client.change(
        method,
        { ids = ids },
        say.unless_problem(function(result)
          check_boxes(call, result.rows)
          local row = result.rows[1]
          local goes_on = #result.rows == 1 and row.state == 'outstanding' and row.do_on
          local again = goes_on and ('; again on ' .. row.do_on) or ''
          say.done(('%s %s%s'):format(WORDS[method], quoted(result.rows), again))
        end)
      )
    end)
  end
end

M.done = ending('task.done', 'Done:')
M.drop = ending('task.drop', 'Drop:')
M.skip = ending('task.skip', 'Skip:')

---@param params table of `task.add`
local function add(params)
  client.change(
    'task.add',
    params,
    say.unless_problem(function(row)
      local what = row.created and 'filed' or 'updated'
      say.done(('%s %s %s'):format(what, row.node_id, say.named(row.title)))
    end)
  )
end

--- File a task of the words, or of words that are asked for.
---@param call heph.Call
function M.task(call)
  local options = require('heph.options')
  local parsed, wrong = options.parse(call.words, M.OPTIONS)
  if not parsed then
    return say.cannot(wrong)
  end
  local params = M.params(parsed.values)
  params.title = options.text(parsed.rest)
  if params.title ~= '' then
    return add(params)
  end
  if not require('heph.pick').is_possible() then
    return say.cannot('cannot file a task without a title', 'as in: :Heph task Water the plants')
  end
  require('heph.pick').ask('Task:', nil, function(title)
    params.title = title
    add(params)
  end)
end

---@param id string
---@param text string
local function note(id, text)
  client.change(
    'log.add',
    { id = id, text = text },
    say.unless_problem(function(row)
      say.done('noted on ' .. say.named(row.title))
    end)
  )
end

--- Show the log, or note the words on it.
---@param call heph.Call
function M.log(call)
  local words = call.words
  local id = words[1] and require('heph.text').is_id_part(words[1]) and words[1] or nil
  local text = vim.trim(table.concat(words, ' ', id and 2 or 1))
  target.node(call, id, 'Log of:', function(node_id)
    if text ~= '' then
      return note(node_id, text)
    end
    require('heph.open').edit(require('heph.uri').make('list', 'log', { node_id }), call.win)
  end)
end

--- Ask for what to note.
---@param call heph.Call
function M.note(call)
  target.node(call, nil, 'Note on:', function(id)
    require('heph.pick').ask('Note:', nil, function(text)
      note(id, text)
    end)
  end)
end

--- Take back the newest change that was made on this device.
function M.undo()
  client.change(
    'history.undo',
    {},
    say.unless_problem(function(result)
      local undone = result.undone
      if not undone then
        return say.done('there is nothing to undo on this device')
      end
      local first = undone.changes[1]
      local name = first and ' ' .. say.named(first.title) or ''
      say.done(('took back %s%s'):format(undone.method, name))
    end)
  )
end

return M
