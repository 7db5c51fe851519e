--- The buffers of texts: a document, the context of a node, the page of a day. Read
--- through the daemon, and read again when the text was changed elsewhere.
local body = require('heph.body')
local client = require('heph.client')
local say = require('heph.say')

local M = {}

--- A text that is longer than a book has no tree.
local HIGHLIGHTED_BYTES_MAX = 1000000

---@class heph.Document
---@field uri heph.Uri
---@field node { node_id: string?, kind: string, title: string } node_id is nil for a page that nobody wrote yet
---@field version string? of the text that the buffer's began as; nil: it was not loaded
---@field is_asking boolean
---@field is_stale boolean it was changed elsewhere, and may be old
---@field told_version string? of the change that the person knows of
---@field save heph.Save? under way
---@field theirs integer? the buffer with the text of a conflict

---@type table<integer, heph.Document>
local documents = {}

---@param buf integer
---@return heph.Document?
function M.of(buf)
  return documents[buf]
end

---@param buf integer
---@param done heph.Answer
function M.read(buf, done)
  local method, params = require('heph.uri').method(documents[buf].uri, 'read')
  client.request(method, params, done)
end

--- What the daemon has becomes the buffer's text.
---@param buf integer
---@param text table with body and version
---@param is_first boolean
local function fill(buf, text, is_first)
  local document = documents[buf]
  local lines = body.to_lines(text.body)
  if #text.body > HIGHLIGHTED_BYTES_MAX then
    -- Neovim 0.12 parses every markdown, and can take minutes over one change of a long one.
    pcall(vim.treesitter.stop, buf)
  end
  vim.bo[buf].modifiable = true
  require('heph.lines')[is_first and 'load' or 'replace'](buf, lines.lines)
  vim.bo[buf].fileformat = lines.fileformat
  vim.bo[buf].endofline = lines.endofline
  vim.bo[buf].modified = false
  document.version = text.version
  M.took(buf, text)
end

--- Remember what a node is called.
---@param buf integer
---@param node table
function M.took(buf, node)
  local document = documents[buf]
  document.node = { node_id = node.node_id, kind = node.kind, title = node.title }
  vim.b[buf].heph_title = require('heph.visible').visible(node.title)
  vim.b[buf].heph_id = node.node_id
end

---@param buf integer
---@param uri heph.Uri
local function set_options(buf, uri)
  -- First: what comes with the file type sets some of the others, such as 'omnifunc'.
  vim.bo[buf].filetype = 'markdown'
  for option, value in pairs({
    buftype = 'acwrite',
    swapfile = false,
    modifiable = false,
    -- What somebody else wrote into a text sets nothing here.
    modeline = false,
    fixendofline = false,
    omnifunc = "v:lua.require'heph.complete'.omnifunc",
  }) do
    vim.bo[buf][option] = value
  end
  vim.b[buf].heph_title = uri.name
  require('heph.list').define_highlights()
  require('heph.keymaps').document(buf)
  require('heph.conceal').begin()
end

--- Fill a buffer that was just opened under the name of a text.
---@param buf integer
---@param uri heph.Uri
function M.open(buf, uri)
  documents[buf] = {
    uri = uri,
    node = { kind = uri.kind, title = uri.name },
    is_asking = true,
    is_stale = false,
  }
  local document = documents[buf]
  require('heph.watching').begin(buf)
  set_options(buf, uri)
  M.entered(buf)
  M.read(buf, function(problem, text)
    document.is_asking = false
    if documents[buf] ~= document then
      return
    end
    if problem then
      return say.problem(problem)
    end
    fill(buf, text, true)
    require('heph.open').tell('HephDocumentLoaded', buf)
    if document.is_stale then
      M.refresh(buf)
    end
  end)
end

--- It may have been changed elsewhere. A text that was not touched here becomes what it
--- is now; of one that was, only the person is told.
---@param buf integer
function M.refresh(buf)
  local document = documents[buf]
  document.is_stale = true
  -- A save asks again itself, once it knows how it ended.
  if document.is_asking or document.save then
    return
  end
  document.is_asking, document.is_stale = true, false
  M.read(buf, function(problem, text)
    document.is_asking = false
    if documents[buf] ~= document then
      return
    end
    if document.is_stale then
      M.refresh(buf)
    elseif problem and problem.code == 'not_found' then
      M.deleted(buf)
    elseif problem then
      return -- Whoever does something with the text is told then.
    elseif not document.save and text.version ~= document.version then
      M.became(buf, text)
    elseif not document.save then
      M.took(buf, text)
    end
  end)
end

--- The text is another one now.
function M.became(buf, text)
  local document = documents[buf]
  if not vim.bo[buf].modified then
    return fill(buf, text, document.version == nil)
  end
  if document.told_version ~= text.version then
    document.told_version = text.version
    say.warn(say.named(document.node.title) .. ' was changed elsewhere; :w shows both texts')
  end
end

--- It is gone from where it was read.
---@param buf integer
function M.deleted(buf)
  local document = documents[buf]
  if document.told_version ~= 'none' then
    document.told_version = 'none'
    say.warn(say.named(document.node.title) .. ' was deleted elsewhere; its text stays here')
  end
end

--- Which buffers hold a text of this node.
---@param node_id string
---@param title string
---@return integer[]
local function holding(node_id, title)
  local found = {}
  for buf, document in pairs(documents) do
    local is_page = document.uri.kind == 'journal' and document.uri.name == title
    if document.node.node_id == node_id or is_page then
      table.insert(found, buf)
    end
  end
  return found
end

--- Told by the daemon.
---@param change table? nil: everything may have changed
function M.changed(change)
  local bufs = change and holding(change.node_id, change.title) or vim.tbl_keys(documents)
  for _, buf in ipairs(bufs) do
    if change and change.field == 'tombstoned' and change.value == true then
      M.deleted(buf)
    elseif not change or vim.list_contains({ 'body', 'title', 'tombstoned' }, change.field) then
      M.refresh(buf)
    end
  end
end

--- The buffer came into a window.
---@param buf integer
function M.entered(buf)
  local config = require('heph.config').get()
  local win = vim.fn.bufwinid(buf)
  if not documents[buf] or win == -1 then
    return
  end
  if config.winbar then
    vim.wo[win][0].winbar = ' %{get(b:, "heph_title", "")}'
  end
  if config.conceal and vim.wo[win].conceallevel < 2 then
    vim.wo[win][0].conceallevel = 2
  end
end

---@param buf integer
function M.forget(buf)
  documents[buf] = nil
end

return M
