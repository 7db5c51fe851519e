--- What a link leads to.
local client = require('heph.client')
local text = require('heph.text')

local M = {}

---@class heph.Node
---@field node_id string
---@field kind string
---@field title string

--- Letter case does not count, nor how many spaces there are.
local function name_of(title)
  return vim.fn.tolower(vim.trim((title:gsub('%s+', ' '))))
end

---@param nodes heph.Node[]
---@param target string
---@return heph.Node[] # those that are called so; those written just so, where there are any
local function called(nodes, target)
  local same = vim.tbl_filter(function(node)
    return name_of(node.title) == name_of(target)
  end, nodes)
  local exact = vim.tbl_filter(function(node)
    return node.title == target
  end, same)
  return #exact > 0 and exact or same
end

--- Tasks and projects are found by their words.
local function by_words(target, done)
  local query = '"' .. target:gsub('"', ' ') .. '"'
  client.request('search', { query = query, limit = 100 }, function(problem, result)
    -- What has no word in it cannot be looked for, and is called by nothing.
    if problem and problem.code ~= 'bad_value' then
      return done(problem)
    end
    done(nil, called(result and result.rows or {}, target))
  end)
end

--- All that a target may mean: none, one, or several of the same name.
---@param target string a title or an id
---@param done fun(problem: heph.Problem?, nodes: heph.Node[]?)
function M.find(target, done)
  client.request('doc.show', { id = target }, function(problem, node)
    if problem and problem.code == 'ambiguous' then
      local nodes = called(problem.candidates, target)
      return #nodes > 0 and done(nil, nodes) or by_words(target, done)
    elseif problem and problem.code ~= 'not_found' then
      return done(problem)
    end
    -- A title may look like a part of an id; in a link only a whole id is one.
    local is_it = node and (node.node_id == target or name_of(node.title) == name_of(target))
    if is_it then
      done(nil, { node })
    elseif text.is_ulid(target) then
      done(nil, {})
    else
      by_words(target, done)
    end
  end)
end

return M
