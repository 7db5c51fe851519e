--- The text that a command is about.
local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('heph-selection')

---@class heph.Selection rows and byte columns from 0, the end not included
---@field buf integer
---@field first_row integer
---@field first_col integer
---@field last_row integer
---@field last_col integer
---@field is_linewise boolean

local function line_at(buf, row)
  return vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ''
end

--- The byte after the character that begins at a byte, both from 0.
local function after_char(line, col)
  if col >= #line then
    return #line
  end
  return col + 1 + vim.str_utf_end(line, col + 1)
end

---@param call heph.Call
---@return boolean # the lines are those that were selected, character by character
local function is_by_characters(call)
  return call.range == 2
    and vim.fn.visualmode() == 'v'
    and vim.fn.line("'<") == call.first
    and vim.fn.line("'>") == call.last
end

--- The selection, or the lines of the range.
---@param call heph.Call
---@return heph.Selection
function M.of(call)
  local buf, first, last = call.buf, call.first - 1, call.last - 1
  if not is_by_characters(call) then
    local width = #line_at(buf, last)
    return {
      buf = buf,
      first_row = first,
      first_col = 0,
      last_row = last,
      last_col = width,
      is_linewise = true,
    }
  end
  local line = line_at(buf, last)
  local to = math.min(vim.fn.getpos("'>")[3] - 1, #line)
  return {
    buf = buf,
    first_row = first,
    first_col = math.min(vim.fn.getpos("'<")[3] - 1, #line_at(buf, first)),
    last_row = last,
    last_col = vim.o.selection == 'exclusive' and to or after_char(line, to),
    is_linewise = false,
  }
end

--- The word under the cursor; nil where there is none.
---@param buf integer
---@param row integer from 0
---@param col integer byte from 0
---@return heph.Selection?
function M.word(buf, row, col)
  local line, from = line_at(buf, row), 0
  local word = vim.regex([[\k\+]])
  while from <= #line do
    local start, stop = word:match_str(line:sub(from + 1))
    if not start then
      return nil
    end
    if from + start <= col and col < from + stop then
      local place = { first_row = row, first_col = from + start, last_row = row }
      place.last_col, place.buf, place.is_linewise = from + stop, buf, false
      return place
    end
    from = from + stop
  end
end

---@param place heph.Selection
---@return string
function M.text(place)
  local lines = vim.api.nvim_buf_get_text(
    place.buf,
    place.first_row,
    place.first_col,
    place.last_row,
    place.last_col,
    {}
  )
  return table.concat(lines, '\n')
end

--- Keep the place while an answer is awaited: whatever is typed meanwhile, the function
--- that comes back puts a text where the selection then is. It says whether that was there.
---@param place heph.Selection
---@return fun(text: string|fun(now: string): string): boolean
function M.keep(place)
  local is_empty = place.first_row == place.last_row and place.first_col == place.last_col
  local options = {
    end_row = place.last_row,
    end_col = place.last_col,
    right_gravity = not is_empty,
    end_right_gravity = false,
    invalidate = not is_empty,
    undo_restore = false,
  }
  local buf = place.buf
  local id = vim.api.nvim_buf_set_extmark(buf, NAMESPACE, place.first_row, place.first_col, options)
  return function(text)
    if not vim.api.nvim_buf_is_loaded(buf) then
      return false
    end
    local mark = vim.api.nvim_buf_get_extmark_by_id(buf, NAMESPACE, id, { details = true })
    vim.api.nvim_buf_del_extmark(buf, NAMESPACE, id)
    local row, col, more = mark[1], mark[2], mark[3]
    if not row or more.invalid then
      return false
    end
    local now = vim.api.nvim_buf_get_text(buf, row, col, more.end_row, more.end_col, {})
    local put = type(text) == 'function' and text(table.concat(now, '\n')) or text
    ---@cast put string
    vim.api.nvim_buf_set_text(buf, row, col, more.end_row, more.end_col, vim.split(put, '\n'))
    return true
  end
end

return M
