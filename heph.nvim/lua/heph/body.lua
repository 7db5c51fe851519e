--- A body, which is one text, as the lines of a buffer, and back to the letter.
local M = {}

---@class heph.Lines
---@field lines string[]
---@field fileformat 'unix'|'dos'
---@field endofline boolean the last line ends like the others

---@param body string
---@return heph.Lines
function M.to_lines(body)
  local lines = vim.split(body, '\n', { plain = true })
  -- An empty text is one to be written; a lone line break is shown as two lines.
  local is_break = body == '\n' or body == '\r\n'
  local ends = body == '' or (not is_break and body:sub(-1) == '\n')
  if ends and body ~= '' then
    table.remove(lines)
  end
  local is_dos = body:find('\r\n', 1, true) ~= nil
  for i, line in ipairs(lines) do
    local has_break = i < #lines or ends
    is_dos = is_dos and (not has_break or line:sub(-1) == '\r')
  end
  if is_dos then
    for i, line in ipairs(lines) do
      if i < #lines or ends then
        lines[i] = line:sub(1, -2)
      end
    end
  end
  return { lines = lines, fileformat = is_dos and 'dos' or 'unix', endofline = ends }
end

---@param text heph.Lines
---@return string
function M.from_lines(text)
  if #text.lines == 1 and text.lines[1] == '' then
    return ''
  end
  local newline = text.fileformat == 'dos' and '\r\n' or '\n'
  return table.concat(text.lines, newline) .. (text.endofline and newline or '')
end

--- The first line that is not UTF-8, which JSON cannot carry; nil where all are.
---@param lines string[]
---@return integer?
function M.not_utf8(lines)
  for i, line in ipairs(lines) do
    if line:find('[\128-\255]') then
      local rest = line
        :gsub('[\240-\244][\128-\191][\128-\191][\128-\191]', 'x')
        :gsub('[\224-\239][\128-\191][\128-\191]', 'x')
        :gsub('[\194-\223][\128-\191]', 'x')
      -- Halves of surrogate pairs have the form, and are none.
      if rest:find('[\128-\255]') or line:find('\237[\160-\191]') then
        return i
      end
    end
  end
end

return M
