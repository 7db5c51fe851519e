--- The words of a command: `--name value`, `--flag`, and the rest. As `heph` has them.
local M = {}

---@alias heph.OptionKind 'value'|'flag'|'many'

---@class heph.Options
---@field values table<string, any>
---@field rest string[]

--- A value that begins with a quote goes on to the word that ends with one.
---@param words string[]
---@param at integer where the value begins
---@return string? value
---@return integer last the place of its last word
local function value_at(words, at)
  local first = words[at]
  if not first or first:sub(1, 1) ~= '"' then
    return first, at
  end
  for last = at, #words do
    local text = table.concat(words, ' ', at, last)
    if #text > 1 and text:sub(-1) == '"' then
      return text:sub(2, -2), last
    end
  end
  return first, at
end

---@param known table<string, heph.OptionKind>
---@return string
local function none_such(name, known)
  local names = vim.tbl_keys(known)
  table.sort(names)
  local there = #names > 0 and ('--' .. table.concat(names, ', --')) or 'none'
  return ('cannot use --%s: there is %s'):format(name, there)
end

--- What follows the word `--` is no option.
---@param words string[]
---@param known table<string, heph.OptionKind>
---@return heph.Options?
---@return string? problem
function M.parse(words, known)
  local values, rest, i = {}, {}, 1
  while i <= #words do
    local name = words[i]:match('^%-%-(%a[%a-]*)$')
    local kind = name and known[name]
    if words[i] == '--' then
      vim.list_extend(rest, words, i + 1)
      break
    elseif not name then
      table.insert(rest, words[i])
    elseif not kind then
      return nil, none_such(name, known)
    elseif kind == 'flag' then
      values[name] = true
    else
      local value, last = value_at(words, i + 1)
      if not value then
        return nil, ('cannot use --%s without a word after it'):format(name)
      end
      i = last
      values[name] = kind == 'many' and vim.list_extend(values[name] or {}, { value }) or value
    end
    i = i + 1
  end
  return { values = values, rest = rest }
end

--- Words as one text; quotes around all of it are the shell's habit, and go.
---@param words string[]
---@return string
function M.text(words)
  local text = vim.trim(table.concat(words, ' '))
  return text:match('^"([^"]*)"$') or text
end

return M
