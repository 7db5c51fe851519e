--- A text that was changed here and elsewhere: both, side by side, and neither is lost.
local body = require('heph.body')
local document = require('heph.document')
local say = require('heph.say')

local M = {}

---@param buf integer with their text
---@param lines heph.Lines
local function fill(buf, lines)
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines.lines)
  vim.bo[buf].modifiable = false
end

---@param title string
---@return integer buf
local function scratch(title)
  local buf = vim.api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].filetype = 'markdown'
  local name = ('%s (as heph has it)'):format(require('heph.visible').visible(title))
  pcall(vim.api.nvim_buf_set_name, buf, name)
  return buf
end

---@param buf integer
---@return boolean
local function is_same(buf, text)
  local mine = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  return vim.deep_equal(mine, body.to_lines(text.body).lines)
end

--- Their text is gone, by a save or by the person's hand.
local function end_diff(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    vim.api.nvim_win_call(win, vim.cmd.diffoff)
  end
end

--- Their text beside the buffer's, as a diff. The next `:w` saves what the buffer then has.
---@param buf integer
---@param shown fun() when there is nothing more to wait for
function M.show(buf, shown)
  local doc = assert(document.of(buf))
  local win = vim.fn.bufwinid(buf)
  if win == -1 then
    local message = ('cannot save %s: it was changed elsewhere'):format(say.named(doc.node.title))
    say.cannot(message, (':buffer %d and :w show both texts'):format(buf))
    return shown()
  end
  document.read(buf, function(problem, text)
    if problem then
      say.problem(problem)
    elseif document.of(buf) == doc then
      M.with(buf, win, text)
    end
    shown()
  end)
end

--- Their text is here.
function M.with(buf, win, text)
  local doc = assert(document.of(buf))
  doc.version = text.version
  doc.told_version = text.version
  if is_same(buf, text) then
    vim.bo[buf].modified = false
    return
  end
  M.beside(buf, win, text)
  say.warn(
    ('not saved: %s was changed elsewhere; :w saves yours'):format(say.named(doc.node.title))
  )
end

---@param buf integer
---@param win integer
---@param text table
function M.beside(buf, win, text)
  local doc = assert(document.of(buf))
  local lines = body.to_lines(text.body)
  if doc.theirs and vim.api.nvim_buf_is_valid(doc.theirs) then
    return fill(doc.theirs, lines)
  end
  doc.theirs = scratch(doc.node.title)
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = doc.theirs,
    callback = vim.schedule_wrap(function()
      doc.theirs = nil
      end_diff(buf)
    end),
  })
  fill(doc.theirs, lines)
  local options = { win = win, split = 'right' }
  local beside = vim.api.nvim_open_win(doc.theirs, false, options)
  if require('heph.config').get().winbar then
    vim.wo[beside].winbar = ' as heph has it'
  end
  for _, each in ipairs({ win, beside }) do
    vim.api.nvim_win_call(each, vim.cmd.diffthis)
  end
end

--- It is settled: their text goes.
---@param buf integer
function M.close(buf)
  local doc = assert(document.of(buf))
  if doc.theirs and vim.api.nvim_buf_is_valid(doc.theirs) then
    vim.api.nvim_buf_delete(doc.theirs, { force = true })
  end
end

return M
