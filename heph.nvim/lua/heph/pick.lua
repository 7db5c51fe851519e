--- Choosing, through `vim.ui.select` and `vim.ui.input`, which pickers of all kinds replace.
local client = require('heph.client')
local say = require('heph.say')
local visible = require('heph.visible').visible

local M = {}

local CHOICES_MAX = 100

---@class heph.Choice
---@field label string
---@field node heph.Node?
---@field create string? the title of a document to be made

---@return boolean # somebody is there to choose
function M.is_possible()
  return #vim.api.nvim_list_uis() > 0
end

---@param choices heph.Choice[]
---@param prompt string
---@param chosen fun(choice: heph.Choice)
function M.choose(choices, prompt, chosen)
  local options = {
    prompt = prompt,
    kind = 'heph',
    format_item = function(choice)
      return choice.label
    end,
  }
  vim.ui.select(choices, options, function(choice)
    if choice then
      chosen(choice)
    end
  end)
end

---@param prompt string
---@param default string?
---@param given fun(text: string)
function M.ask(prompt, default, given)
  vim.ui.input({ prompt = prompt .. ' ', default = default }, function(text)
    if text and vim.trim(text) ~= '' then
      given(vim.trim(text))
    end
  end)
end

---@param node heph.Node
---@return heph.Choice
function M.as_choice(node)
  return { label = ('%-7s %s'):format(node.kind, visible(node.title)), node = node }
end

--- Words that somebody began to type, as a search: the last one may go on.
local function as_query(words)
  return words:match('[%w\128-\255]$') and (words .. '*') or words
end

--- What has these words; each once, though found in several places.
local function found(words, done)
  if words == '' then
    return client.request('doc.list', {}, done)
  end
  client.request('search', { query = as_query(words), limit = CHOICES_MAX }, done)
end

--- A node: one that is there, or a document made of the words. Without words the documents
--- that were changed last.
---@param prompt string
---@param words string
---@param picked fun(node: heph.Node)
function M.node(prompt, words, picked)
  found(
    words,
    say.unless_problem(function(result)
      local rows = vim.list_slice(result.rows, 1, CHOICES_MAX)
      local choices = vim.tbl_map(M.as_choice, rows)
      if words ~= '' then
        local label = ('create  "%s"'):format(visible(words))
        table.insert(choices, { label = label, create = words })
      end
      if #choices == 0 then
        return say.done('there is no document yet')
      end
      M.choose(choices, prompt, function(choice)
        if choice.node then
          return picked(choice.node)
        end
        M.create(choice.create, picked)
      end)
    end)
  )
end

--- Ask for words first.
---@param prompt string
---@param picked fun(node: heph.Node)
function M.node_by_words(prompt, picked)
  vim.ui.input({ prompt = prompt .. ' ' }, function(words)
    if words then
      M.node(prompt, vim.trim(words), picked)
    end
  end)
end

--- A new document.
---@param title string
---@param made fun(node: heph.Node)
function M.create(title, made)
  client.change('doc.new', { title = title }, say.unless_problem(made))
end

--- One of the tasks that are next.
---@param prompt string
---@param picked fun(node: heph.Node)
function M.task(prompt, picked)
  client.request(
    'task.next',
    { limit = CHOICES_MAX },
    say.unless_problem(function(result)
      if #result.rows == 0 then
        return say.done('nothing is next')
      end
      M.choose(vim.tbl_map(M.as_choice, result.rows), prompt, function(choice)
        picked(choice.node)
      end)
    end)
  )
end

return M
