--- Links as they are read: the brackets are hidden, and the target where another text
--- is shown for it. Only the lines on the screen are looked at.
local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('heph-conceal')

--- How far above the window a code block may begin and still be known as one: looking
--- through the whole of a long text at each redraw would delay typing.
local LOOK_BACK_LINES = 500

--- A line that is longer than a few screens is not looked at, for the same reason.
local LINE_BYTES_MAX = 10000

local has_begun = false

---@return string? # what opens or closes a code block
local function fence_of(line)
  local mark = line:match('^ ? ? ?(```+)[^`]*$') or line:match('^ ? ? ?(~~~+)')
  return mark
end

--- Goes line by line: nil outside of code, else what will close it.
local function next_fence(fence, line)
  local mark = fence_of(line)
  if not mark then
    return fence
  end
  if not fence then
    return mark
  end
  return (vim.startswith(mark, fence) and vim.trim(line) == mark) and nil or fence
end

---@param buf integer
---@param row integer from 0
---@param line string
local function hide(buf, row, line)
  local function mark(from, to, options)
    options.end_col = to
    options.ephemeral = true
    vim.api.nvim_buf_set_extmark(buf, NAMESPACE, row, from, options)
  end
  for _, link in ipairs(require('heph.text').links(line)) do
    mark(link.first - 1, link.shown_from - 1, { conceal = '' })
    mark(link.shown_from - 1, link.last - 2, { hl_group = 'HephLink' })
    mark(link.last - 2, link.last, { conceal = '' })
  end
end

---@param buf integer
---@param top integer
---@param bottom integer
local function on_win(_, _, buf, top, bottom)
  if not require('heph.document').of(buf) then
    return false
  end
  local from = math.max(0, top - LOOK_BACK_LINES)
  local fence
  for i, line in ipairs(vim.api.nvim_buf_get_lines(buf, from, bottom + 1, false)) do
    local row = from + i - 1
    local was = fence
    fence = next_fence(fence, line)
    local is_text = not was and not fence and #line <= LINE_BYTES_MAX
    if row >= top and is_text and line:find('[[', 1, true) then
      hide(buf, row, line)
    end
  end
  return false
end

function M.begin()
  if has_begun or not require('heph.config').get().conceal then
    return
  end
  has_begun = true
  vim.api.nvim_set_decoration_provider(NAMESPACE, { on_win = on_win })
end

return M
