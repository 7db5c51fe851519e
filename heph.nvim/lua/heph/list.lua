--- The buffers of lists: filled when the answer is there, filled again when something
--- changes, and which row a line stands for.
local lists = require('heph.lists')
local render = require('heph.render')
local say = require('heph.say')

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace('heph-list')

--- The signs, and a space after them.
local LEFT_COLUMNS = 3

---@class heph.ListBuffer
---@field name string
---@field words string[]
---@field entries table<integer, heph.Entry> by extmark
---@field is_asking boolean
---@field is_stale boolean something changed since it was asked for
---@field is_loaded boolean

---@type table<integer, heph.ListBuffer>
local buffers = {}

local HIGHLIGHTS = {
  HephRed = 'DiagnosticError',
  HephLate = 'DiagnosticWarn',
  HephOrange = 'DiagnosticWarn',
  HephBlue = 'DiagnosticInfo',
  HephDone = 'Comment',
  HephEmpty = 'Comment',
  HephHeading = 'Title',
  HephLink = 'Underlined',
}

function M.define_highlights()
  for name, link in pairs(HIGHLIGHTS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

--- The columns that a line may take where the buffer is shown.
local function columns_of(buf)
  local win = vim.fn.bufwinid(buf)
  if win == -1 then
    return vim.o.columns - LEFT_COLUMNS
  end
  -- What is left of the text is not counted before it was drawn.
  local left = math.max(LEFT_COLUMNS, vim.fn.getwininfo(win)[1].textoff)
  return vim.api.nvim_win_get_width(win) - left
end

---@param buf integer
---@param page heph.Page
local function show(buf, page)
  local list = buffers[buf]
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_clear_namespace(buf, NAMESPACE, 0, -1)
  require('heph.lines').replace(buf, page.lines)
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
  list.entries = {}
  for line, entry in pairs(page.entries) do
    local options = { sign_text = entry.sign, sign_hl_group = entry.highlight }
    list.entries[vim.api.nvim_buf_set_extmark(buf, NAMESPACE, line, 0, options)] = entry
  end
  for _, mark in ipairs(page.marks) do
    if mark.highlight then
      local options = { end_col = mark.to, hl_group = mark.highlight }
      vim.api.nvim_buf_set_extmark(buf, NAMESPACE, mark.line, mark.from, options)
    end
  end
end

--- Ask, and show the answer. Asked for while an answer is awaited, it asks again after that.
---@param buf integer
function M.refresh(buf)
  local list = buffers[buf]
  if not list then
    return
  end
  list.is_stale = true
  if list.is_asking then
    return
  end
  list.is_asking, list.is_stale = true, false
  lists[list.name](list.words, function(problem, sections)
    list.is_asking = false
    if buffers[buf] ~= list then
      return
    end
    if problem then
      say.problem(problem)
      if not list.is_loaded then
        show(buf, { lines = { 'Not loaded. :e tries again.' }, marks = {}, entries = {} })
      end
      return
    end
    list.is_loaded = true
    show(buf, render.page(sections, columns_of(buf)))
    require('heph.open').tell('HephListLoaded', buf)
    if list.is_stale then
      M.refresh(buf)
    end
  end)
end

--- Fill a buffer that was just opened under the name of a list.
---@param buf integer
---@param uri heph.Uri
function M.open(buf, uri)
  if not vim.list_contains(require('heph.commands').LISTS, uri.name) then
    return say.cannot(('cannot open a list "%s": there is none'):format(uri.name))
  end
  buffers[buf] = { name = uri.name, words = uri.words, entries = {}, is_asking = false }
  M.define_highlights()
  for option, value in pairs({
    buftype = 'nofile',
    bufhidden = 'hide',
    swapfile = false,
    modifiable = false,
    modeline = false,
    filetype = 'heph',
  }) do
    vim.bo[buf][option] = value
  end
  require('heph.keymaps').list(buf)
  require('heph.watching').begin(buf)
  M.entered(buf)
  M.refresh(buf)
end

--- Something changed: lists that are looked at are asked for again, others when they are.
---@param is_shown fun(buf: integer): boolean
function M.changed(is_shown)
  for buf, list in pairs(buffers) do
    if is_shown(buf) then
      M.refresh(buf)
    else
      list.is_stale = true
    end
  end
end

--- The buffer came into a window.
---@param buf integer
function M.entered(buf)
  local list = buffers[buf]
  local win = vim.fn.bufwinid(buf)
  if list and win ~= -1 then
    local options = vim.wo[win][0]
    options.wrap = false
    options.signcolumn = 'yes'
    -- Between the signs and the ids; where there are line numbers these keep them apart.
    if not options.number and not options.relativenumber then
      options.statuscolumn = '%s '
    end
  end
  if list and list.is_stale and not list.is_asking then
    M.refresh(buf)
  end
end

---@param buf integer
function M.forget(buf)
  buffers[buf] = nil
end

---@param buf integer
---@return boolean
function M.is_list(buf)
  return buffers[buf] ~= nil
end

--- What some lines stand for.
---@param buf integer
---@param first integer from 1
---@param last integer
---@return heph.Entry[]
function M.entries(buf, first, last)
  local list = buffers[buf]
  if not list then
    return {}
  end
  local found = {}
  local marks = vim.api.nvim_buf_get_extmarks(
    buf,
    NAMESPACE,
    { first - 1, 0 },
    { last - 1, -1 },
    {}
  )
  for _, mark in ipairs(marks) do
    local entry = list.entries[mark[1]]
    if entry then
      table.insert(found, entry)
    end
  end
  return found
end

return M
