--- What may be typed next after `:Heph`.
local M = {}

---@param what 'task'|'doc'|'project'|'tag'|'key'
---@param prefix string
---@return string[]
local function ask(what, prefix)
  return vim.tbl_map(function(offer)
    return offer.word
  end, require('heph.offers').of({ what }, prefix))
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
    return ASKED[name] and beginning(ask(ASKED[name], prefix), typed, lead) or {}
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
function M.words(lead, line, position)
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
    end, ask('doc', typed .. lead))
  elseif kind == 'task' then
    found = ask('task', lead)
    lead = lead:upper()
  elseif kind then
    return option_words(kind, words, lead)
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, found)
end

return M
