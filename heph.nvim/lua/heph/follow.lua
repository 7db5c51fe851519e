--- Going where a link leads.
local pick = require('heph.pick')
local say = require('heph.say')
local text = require('heph.text')
local uri = require('heph.uri')

local M = {}

---@return heph.Link?
local function link_here()
  local column = vim.api.nvim_win_get_cursor(0)[2] + 1
  return text.link_at(vim.api.nvim_get_current_line(), column)
end

local function open(node)
  require('heph.open').edit(uri.of_node(node))
end

--- It leads nowhere yet.
local function offer(target)
  if text.is_ulid(target) then
    return say.cannot(('cannot follow [[%s]]: nothing has that id'):format(target))
  end
  local choices = {
    { label = ('create "%s"'):format(target), create = target },
    { label = 'leave it' },
  }
  pick.choose(choices, 'Nothing is called so yet:', function(choice)
    if choice.create then
      pick.create(choice.create, open)
    end
  end)
end

---@param target string
function M.target(target)
  -- A day has a page, written or not.
  if target:match('^%d%d%d%d%-%d%d%-%d%d$') then
    return require('heph.open').edit(uri.make('journal', target))
  end
  require('heph.resolve').find(
    target,
    say.unless_problem(function(nodes)
      if #nodes == 0 then
        offer(target)
      elseif #nodes == 1 then
        open(nodes[1])
      else
        pick.choose(vim.tbl_map(pick.as_choice, nodes), 'Which one:', function(choice)
          open(choice.node)
        end)
      end
    end)
  )
end

--- Follow the link under the cursor; without one, what the keys do elsewhere.
---@param otherwise string keys
function M.follow(otherwise)
  local link = link_here()
  if link then
    return M.target(link.target)
  end
  local keys = vim.api.nvim_replace_termcodes(otherwise, true, false, true)
  vim.api.nvim_feedkeys(vim.v.count > 0 and (vim.v.count .. keys) or keys, 'n', false)
end

--- Follow the link, or change the checkbox, or do what the key does elsewhere.
function M.enter()
  local line = vim.api.nvim_get_current_line()
  if not link_here() and text.checkbox(line) then
    return M.cycle(vim.fn.line('.'), vim.fn.line('.'))
  end
  M.follow('<CR>')
end

--- Open what the line of a list stands for.
function M.open()
  local line = vim.fn.line('.')
  local entry = require('heph.list').entries(vim.api.nvim_get_current_buf(), line, line)[1]
  if entry then
    require('heph.open').edit(entry.uri)
  end
end

--- Checkboxes to their next state.
---@param first integer
---@param last integer
function M.cycle(first, last)
  local lines = vim.api.nvim_buf_get_lines(0, first - 1, last, false)
  vim.api.nvim_buf_set_lines(0, first - 1, last, false, vim.tbl_map(text.cycled, lines))
end

return M
