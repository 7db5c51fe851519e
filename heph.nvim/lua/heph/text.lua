--- What a document's text is made of. Pure: strings in, strings out. Columns are
--- bytes, from 1, as Lua has them.
local M = {}

--- What a checkbox may hold, in the order in which it goes round.
local STATES = { ' ', 'x', '>', '~', '!' }
--- Indentation, a bullet or a number, and the brackets around one character.
local CHECKBOX = '^(%s*[-*+]%s+%[)(.)(%]%s*)(.*)$'
local NUMBERED = '^(%s*%d+[.)]%s+%[)(.)(%]%s*)(.*)$'

---@class heph.Link
---@field first integer the byte of the first bracket
---@field last integer the byte of the last one
---@field target string a title or an id
---@field text string? what is shown for it, where that is something else
---@field shown_from integer the byte where what is shown begins

--- Code in backticks, as bytes from and to. What opens and is not closed is none.
local function code_spans(line)
  local spans, from = {}, 1
  while true do
    local first, last = line:find('`+', from)
    if not first then
      return spans
    end
    local ticks, at, close_last = last - first + 1, last + 1, nil
    while at do
      local open, close = line:find('`+', at)
      if open and close - open + 1 == ticks then
        close_last = close
        break
      end
      at = close and close + 1
    end
    if close_last then
      table.insert(spans, { first, close_last })
    end
    from = (close_last or last) + 1
  end
end

--- The links of a line, from left to right. What stands in backticks is none.
---@param line string
---@return heph.Link[]
function M.links(line)
  local links = {}
  if not line:find('[[', 1, true) then
    return links
  end
  local spans = line:find('`', 1, true) and code_spans(line) or {}
  local from = 1
  while true do
    local first, last, inside = line:find('%[%[([^%[%]]+)%]%]', from)
    if not first then
      return links
    end
    local is_code = vim.iter(spans):any(function(span)
      return first > span[1] and first < span[2]
    end)
    local target, bar, text = inside:match('^(.-)(\\?|)(.*)$')
    target = vim.trim(target or inside)
    if target ~= '' and not is_code then
      text = text and vim.trim(text)
      table.insert(links, {
        first = first,
        last = last,
        target = target,
        text = text ~= '' and text or nil,
        shown_from = (bar and text ~= '') and last - 1 - #inside:match('|(.*)$') or first + 2,
      })
    end
    from = last + 1
  end
end

---@param line string
---@param column integer a byte of the line
---@return heph.Link?
function M.link_at(line, column)
  return vim.iter(M.links(line)):find(function(link)
    return link.first <= column and column <= link.last
  end)
end

--- A link as it is written. A title that cannot stand in one is linked to by its id.
---@param node { node_id: string, title: string }
---@param shown string? what is to be read in its place
---@param by_id boolean? where the title alone would not say which is meant
---@return string
function M.link_to(node, shown, by_id)
  local is_linkable = not node.title:find('[%[%]|`\n]') and not node.title:find('\\$')
  local target = (is_linkable and not by_id) and node.title or node.node_id
  local text = vim.trim(((shown or node.title):gsub('[%[%]|\r\n]', ' ')))
  return (text == target or text == '') and ('[[%s]]'):format(target)
    or ('[[%s|%s]]'):format(target, text)
end

---@param text string
---@return boolean # it is an id as the store writes it
function M.is_ulid(text)
  return text:match('^[0-7][0-9A-HJKMNP-TV-Z]+$') ~= nil and #text == 26
end

---@param text string
---@return boolean # it can be an id, or the beginning or end of one
function M.is_id_part(text)
  return text:match('^[0-9A-HJKMNP-TV-Z]+$') ~= nil and #text >= 4 and #text <= 26
end

---@class heph.Item
---@field head string the line up to the box's content
---@field state string
---@field tail string from the closing bracket to the text
---@field text string

---@param line string
---@return heph.Item?
function M.checkbox(line)
  for _, pattern in ipairs({ CHECKBOX, NUMBERED }) do
    local head, state, tail, text = line:match(pattern)
    if head then
      return { head = head, state = state, tail = tail, text = text }
    end
  end
end

--- The line with its checkbox in the next state; a list item without one gets one,
--- and so does any other line.
---@param line string
---@return string
function M.cycled(line)
  local item = M.checkbox(line)
  if item then
    local at = vim.fn.index(STATES, item.state)
    return item.head .. STATES[(at + 1) % #STATES + 1] .. item.tail .. item.text
  end
  local bullet, text = line:match('^(%s*[-*+]%s+)(.*)$')
  if not bullet then
    bullet, text = line:match('^(%s*%d+[.)]%s+)(.*)$')
  end
  if bullet then
    return bullet .. '[ ] ' .. text
  end
  local indent, rest = line:match('^(%s*)(.*)$')
  return indent .. '- [ ] ' .. rest
end

--- What a line says, without what makes it an item or a heading, its links as they are read.
---@param line string
---@return string
function M.words_of(line)
  local item = M.checkbox(line)
  local text = item and item.text
    or line:gsub('^%s*[-*+]%s+', ''):gsub('^%s*%d+[.)]%s+', ''):gsub('^%s*#+%s+', '')
  local links = M.links(text)
  for i = #links, 1, -1 do
    local link = links[i]
    text = text:sub(1, link.first - 1) .. (link.text or link.target) .. text:sub(link.last + 1)
  end
  return vim.trim((text:gsub('[\r\n\t]', ' ')))
end

--- The line as a task's: its indentation and bullet stay.
---@param line string
---@param link string
---@return string
function M.promoted(line, link)
  local item = M.checkbox(line)
  if item then
    return item.head .. ' ' .. (item.tail == ']' and '] ' or item.tail) .. link
  end
  local bullet = line:match('^%s*[-*+]%s+') or line:match('^%s*%d+[.)]%s+')
  return (bullet or (line:match('^%s*') .. '- ')) .. '[ ] ' .. link
end

return M
