--- Answers to lines. Pure: rows in; lines, marks and what each line stands for out.
local visible = require('heph.visible')

local M = {}

--- No title is squeezed below this, however narrow the window.
local TITLE_COLUMNS_MIN = 20

---@class heph.Entry a line that stands for something
---@field cells string[] the words of its columns; the second last of a task is its title
---@field uri string what it opens
---@field node { node_id: string, kind: string, title: string }?
---@field sign string? two columns
---@field highlight string? of the mark in the second column

---@class heph.Section
---@field heading string?
---@field entries heph.Entry[]
---@field flexible integer? the column that is cut where the line does not fit
---@field empty string what is said where there are none
---@field more string? what is said after the last one

---@class heph.Mark
---@field line integer from 0
---@field from integer byte from 0
---@field to integer
---@field highlight string
---@field sign string?

---@class heph.Page
---@field lines string[]
---@field marks heph.Mark[]
---@field entries table<integer, heph.Entry> by line from 0

local HIGHLIGHTS = {
  red = 'HephRed',
  late = 'HephLate',
  orange = 'HephOrange',
  blue = 'HephBlue',
  done = 'HephDone',
  dropped = 'HephDone',
}

--- As the daemon ranks: late stands above all but red.
---@param row table a task row
---@param today string
---@return string
local function mark_of(row, today)
  if row.state ~= 'outstanding' then
    return row.state
  end
  local is_late = row.late_from and row.late_from <= today
  return (is_late and row.attention ~= 'red') and 'late' or row.attention
end

local ATTENTION_SIGNS = { red = '!', orange = '+', blue = '-', white = ' ' }

---@return string? # attention in the first column, lateness in the second
local function sign_of(row, today)
  if row.state ~= 'outstanding' then
    return nil
  end
  local is_late = row.late_from and row.late_from <= today
  local sign = ATTENTION_SIGNS[row.attention] .. (is_late and 'L' or ' ')
  return sign ~= '  ' and sign or nil
end

--- A task as a line: id, mark, title, and what else is known of it.
---@param row table a task row
---@param today string
---@return heph.Entry
function M.task(row, today)
  local more = { row.project }
  for _, tag in ipairs(row.tags) do
    table.insert(more, '#' .. tag)
  end
  table.insert(more, row.do_on and ('do ' .. row.do_on))
  table.insert(more, row.late_from and ('late ' .. row.late_from))
  local mark = mark_of(row, today)
  return {
    cells = { row.short_id or row.node_id, mark, row.title, table.concat(more, '  ') },
    uri = require('heph.uri').of_node(row),
    node = row,
    sign = sign_of(row, today),
    highlight = HIGHLIGHTS[mark],
  }
end

---@param entries heph.Entry[]
---@return integer[] # the widest of each column
local function widths_of(entries)
  local widths = {}
  for _, entry in ipairs(entries) do
    for i, cell in ipairs(entry.cells) do
      widths[i] = math.max(widths[i] or 0, visible.width(cell))
    end
  end
  return widths
end

--- The flexible column gives way where the widest line does not fit.
local function squeeze(widths, flexible, columns)
  if not flexible or not widths[flexible] then
    return
  end
  local all = 2 * (#widths - 1)
  for _, width in ipairs(widths) do
    all = all + width
  end
  local room = widths[flexible] - math.max(0, all - columns)
  widths[flexible] = math.min(widths[flexible], math.max(TITLE_COLUMNS_MIN, room))
end

--- Cells between two spaces; the mark's bytes besides.
local function line_of(entry, widths)
  local parts, at, mark_from = {}, 0, 0
  for i, cell in ipairs(entry.cells) do
    local shown = visible.fit(cell, widths[i])
    parts[i] = i < #entry.cells and visible.pad(shown, widths[i]) or shown
    if i == 2 then
      mark_from = at
    end
    at = at + #parts[i] + 2
  end
  return (table.concat(parts, '  '):gsub('%s+$', '')), mark_from
end

--- Sections to a page of aligned columns.
---@param sections heph.Section[]
---@param columns integer
---@return heph.Page
function M.page(sections, columns)
  local page = { lines = {}, marks = {}, entries = {} }
  for n, section in ipairs(sections) do
    if n > 1 then
      table.insert(page.lines, '')
    end
    if section.heading then
      table.insert(page.lines, section.heading)
      M.mark(page, 0, #section.heading, 'HephHeading')
    end
    M.section(page, section, columns)
  end
  return page
end

---@param page heph.Page
---@param section heph.Section
---@param columns integer
function M.section(page, section, columns)
  for _, entry in ipairs(section.entries) do
    entry.cells = vim.tbl_map(visible.visible, entry.cells)
  end
  local widths = widths_of(section.entries)
  squeeze(widths, section.flexible, columns)
  for _, entry in ipairs(section.entries) do
    local line, mark_from = line_of(entry, widths)
    table.insert(page.lines, line)
    page.entries[#page.lines - 1] = entry
    local mark = entry.highlight and entry.cells[2] or ''
    M.mark(page, mark_from, mark_from + #mark, entry.highlight, entry.sign)
  end
  local note = #section.entries == 0 and section.empty or section.more
  if note then
    table.insert(page.lines, note)
    M.mark(page, 0, #note, 'HephEmpty')
  end
end

--- On the last line.
function M.mark(page, from, to, highlight, sign)
  if highlight or sign then
    local mark = { line = #page.lines - 1, from = from, to = to, highlight = highlight }
    mark.sign = sign
    table.insert(page.marks, mark)
  end
end

return M
