--- The names of buffers. `heph://doc/ID`, `heph://context/ID`, `heph://journal/DAY`, and
--- `heph://list/NAME/WORD/…`, where the words are those of the command that opens it.
local M = {}

---@class heph.Uri
---@field kind 'doc'|'context'|'journal'|'list'
---@field name string an id, a day, or the name of a list
---@field words string[] of a list

---@param kind string
---@param name string
---@param words string[]?
---@return string
function M.make(kind, name, words)
  local parts = { kind, name }
  vim.list_extend(parts, words or {})
  local encoded = vim.tbl_map(function(part)
    -- The one way of the three that encodes a slash too.
    return vim.uri_encode(part, 'rfc2396')
  end, parts)
  return 'heph://' .. table.concat(encoded, '/')
end

---@param uri string
---@return heph.Uri? # nil where it is none of ours
function M.parse(uri)
  local parts = vim.split(uri:match('^heph://(.+)$') or '', '/', { plain = true })
  parts = vim.tbl_map(vim.uri_decode, parts)
  local kind, name = parts[1], parts[2]
  local is_known = vim.list_contains({ 'doc', 'context', 'journal', 'list' }, kind)
  if not is_known or not name or name == '' then
    return nil
  end
  return { kind = kind, name = name, words = vim.list_slice(parts, 3) }
end

--- Where a node is read and written.
---@param node { kind: string, node_id: string, title: string }
---@return string
function M.of_node(node)
  if node.kind == 'journal' then
    return M.make('journal', node.title)
  end
  return M.make(node.kind == 'doc' and 'doc' or 'context', node.node_id)
end

local METHODS = {
  read = { doc = 'doc.show', context = 'context.read', journal = 'journal.read' },
  write = { doc = 'doc.edit', context = 'context.write', journal = 'journal.write' },
}

--- What hephd is asked for a text.
---@param uri heph.Uri of a text
---@param how 'read'|'write'
---@return string method
---@return table params of the text alone
function M.method(uri, how)
  local params = uri.kind == 'journal' and { date = uri.name } or { id = uri.name }
  return METHODS[how][uri.kind], params
end

return M
