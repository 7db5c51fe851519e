--- What may be typed next: after `:Heph`, and in a text after `[[` and `#`.
local client = require('heph.client')

local M = {}

--- How long a key waits for words that only the daemon knows.
local PATIENCE_MS = 100

---@param what 'task'|'doc'|'project'|'tag'|'key'
---@param prefix string
---@return { word: string, hint: string }[]
local function ask(what, prefix)
  local answer = client.request_within('complete', { what = what, prefix = prefix }, PATIENCE_MS)
  return answer and answer.rows or {}
end

local function words_of(rows)
  return vim.tbl_map(function(row)
    return row.word
  end, rows)
end

local OPTION_WORDS = {
  attention = { 'red', 'orange', 'white', 'blue' },
  state = { 'outstanding', 'done', 'dropped' },
  ['recur-from'] = { 'schedule', 'done' },
  ['do-date'] = { 'today', 'tomorrow', '+3d', '+1w', 'mon', 'fri' },
  ['late-on'] = { 'today', 'tomorrow', '+3d', '+1w', 'mon', 'fri' },
  recur = { 'daily', 'weekdays', 'weekly', 'monthly', 'yearly' },
}
--- Options whose words only the daemon knows.
local ASKED = { project = 'project', tag = 'tag', key = 'key' }

---@return table<string, heph.OptionKind>?
local function options_of(kind)
  if kind == 'list' then
    return require('heph.lists').LIST_OPTIONS
  end
  return kind == 'add' and require('heph.tasks').OPTIONS or nil
end

--- The words that begin so. With a space in it a word stands in quotes, and where a part
--- of it was typed, what is completed is the rest.
---@param words string[]
---@param typed string what is there before the lead, with its quote
---@param lead string
---@return string[]
local function beginning(words, typed, lead)
  local prefix = ((typed .. lead):gsub('^"', ''))
  local found = {}
  for _, word in ipairs(words) do
    if vim.startswith(vim.fn.tolower(word), vim.fn.tolower(prefix)) then
      local shown = (word:find(' ') or typed ~= '') and ('"%s"'):format(word) or word
      table.insert(found, shown:sub(#typed + 1))
    end
  end
  return found
end

--- The option whose value is being typed, and what of the value is there.
---@param words string[]
---@return string? name
---@return string typed
local function option_before(words)
  for i = #words, 1, -1 do
    local name = words[i]:match('^%-%-(%a[%a-]*)$')
    local typed = table.concat(words, ' ', i + 1)
    if name and (typed == '' or (typed:match('^"') and not typed:match('^".*"'))) then
      return name, typed == '' and '' or typed .. ' '
    end
  end
  return nil, ''
end

---@param kind string
---@param words string[] before the lead
---@param lead string
---@return string[]
local function option_words(kind, words, lead)
  local known = options_of(kind) or {}
  local name, typed = option_before(words)
  if name and known[name] and known[name] ~= 'flag' then
    if OPTION_WORDS[name] then
      return beginning(OPTION_WORDS[name], typed, lead)
    end
    local prefix = ((typed .. lead):gsub('^"', ''))
    return ASKED[name] and beginning(words_of(ask(ASKED[name], prefix)), typed, lead) or {}
  end
  local names = vim.tbl_map(function(each)
    return '--' .. each
  end, vim.tbl_keys(known))
  table.sort(names)
  return beginning(names, '', lead)
end

--- For the command line.
---@param lead string
---@param line string
---@param position integer
---@return string[]
function M.command(lead, line, position)
  local before = line:sub(1, position - #lead):match('Heph!?%s+(.*)$') or ''
  local words = vim.split(vim.trim(before), '%s+', { trimempty = true })
  local commands = require('heph.commands')
  local kind = words[1] and (commands.COMMANDS[words[1]] or {}).complete
  local found = {}
  if not words[1] then
    found = commands.names()
  elseif kind == 'doc' then
    -- A title needs no quotes; what is completed is the rest of it.
    local typed = words[2] and table.concat(words, ' ', 2) .. ' ' or ''
    return vim.tbl_map(function(title)
      return title:sub(#typed + 1)
    end, words_of(ask('doc', typed .. lead)))
  elseif kind == 'task' then
    found = words_of(ask('task', lead))
    lead = lead:upper()
  elseif kind then
    return option_words(kind, words, lead)
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, found)
end

---@class heph.Begun a word that was begun
---@field from integer the byte where it begins, from 0
---@field prefix string
---@field asks string[] kinds of `complete`
---@field close string what goes after it

--- What is being typed before the cursor.
---@param line string up to the cursor
---@param after string the rest of it
---@return heph.Begun?
function M.begun(line, after)
  local from, prefix = line:match('.*%[%[()([^%[%]|]*)$')
  if from then
    local close = vim.startswith(after, ']]') and '' or ']]'
    return { from = from - 1, prefix = prefix, asks = { 'doc', 'project' }, close = close }
  end
  from, prefix = line:match('^#()([^%s#]+)$')
  if not from then
    from, prefix = line:match('.*%s#()([^%s#]*)$')
  end
  if from then
    return { from = from - 1, prefix = prefix, asks = { 'tag' }, close = '' }
  end
end

---@param begun heph.Begun
local function items_of(begun)
  local items = {}
  for _, what in ipairs(begun.asks) do
    for _, row in ipairs(ask(what, begun.prefix)) do
      if what == 'tag' or not row.word:find('[%[%]|]') then
        table.insert(items, { word = row.word .. begun.close, abbr = row.word, menu = what })
      end
    end
  end
  return items
end

---@return heph.Begun?
local function begun_here()
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local line = vim.api.nvim_get_current_line()
  return M.begun(line:sub(1, column), line:sub(column + 1))
end

local asked_for

--- For 'omnifunc'; see `:help complete-functions`.
---@param findstart integer
---@return integer|table
function M.omnifunc(findstart)
  if findstart == 1 then
    asked_for = begun_here()
    -- -3: cancel, and say nothing.
    return asked_for and asked_for.from or -3
  end
  return asked_for and items_of(asked_for) or {}
end

return M
