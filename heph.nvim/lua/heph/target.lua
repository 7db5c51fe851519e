--- Which nodes a command means: those that are named, else those of the lines of a list,
--- else that of the buffer, else one that is picked.
local M = {}

---@class heph.Call a command as it was given
---@field words string[]
---@field buf integer
---@field win integer
---@field range integer how many line numbers were given
---@field first integer
---@field last integer

---@param call heph.Call
---@return heph.Node[]
local function in_list(call)
  local nodes, seen = {}, {}
  for _, entry in ipairs(require('heph.list').entries(call.buf, call.first, call.last)) do
    if entry.node and not seen[entry.node.node_id] then
      seen[entry.node.node_id] = true
      table.insert(nodes, entry.node)
    end
  end
  return nodes
end

--- A line that was promoted leads to its task by the id.
---@param call heph.Call
---@return heph.Node?
local function on_line(call)
  local text = require('heph.text')
  local line = vim.api.nvim_buf_get_lines(call.buf, call.first - 1, call.first, false)[1] or ''
  local link = text.checkbox(line) and text.links(line)[1]
  if link and text.is_ulid(link.target) then
    return { node_id = link.target, kind = 'task', title = link.text or link.target }
  end
end

--- Nothing is meant here, and nothing can be asked for.
---@param call heph.Call
---@return boolean # and the person was told why
local function is_refused(call)
  local say = require('heph.say')
  if require('heph.list').is_list(call.buf) then
    say.cannot('cannot tell what is meant: this line stands for nothing like that')
    return true
  end
  if not require('heph.pick').is_possible() then
    say.cannot('cannot tell what is meant', 'name its id, or put the cursor on its line in a list')
    return true
  end
  return false
end

--- What the cursor, the lines or the buffer stand for.
---@param call heph.Call
---@return heph.Node[]
function M.here(call)
  local nodes = in_list(call)
  local document = require('heph.document').of(call.buf)
  if #nodes == 0 and document then
    local node = on_line(call) or document.node
    nodes = node.node_id and { node } or {}
  end
  return nodes
end

---@param call heph.Call
---@param prompt string
---@param chosen fun(ids: string[])
function M.tasks(call, prompt, chosen)
  if #call.words > 0 then
    return chosen(call.words)
  end
  local tasks = vim.tbl_filter(function(node)
    return node.kind == 'task'
  end, M.here(call))
  if #tasks > 0 then
    return chosen(vim.tbl_map(function(node)
      return node.node_id
    end, tasks))
  end
  if is_refused(call) then
    return
  end
  require('heph.pick').task(prompt, function(node)
    chosen({ node.node_id })
  end)
end

--- One node of any kind.
---@param call heph.Call
---@param word string? an id
---@param prompt string
---@param chosen fun(id: string)
function M.node(call, word, prompt, chosen)
  if word then
    return chosen(word)
  end
  local node = M.here(call)[1]
  if node then
    return chosen(node.node_id)
  end
  if is_refused(call) then
    return
  end
  require('heph.pick').node_by_words(prompt, function(picked)
    chosen(picked.node_id)
  end)
end

return M
