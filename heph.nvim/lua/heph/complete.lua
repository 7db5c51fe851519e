--- What may be typed next in a text: after `[[` and `#`.
local M = {}

---@class heph.Begun a word that was begun
---@field from integer the byte where it begins, from 0
---@field prefix string
---@field asks string[] kinds of `complete`
---@field close string what goes after it

--- What is being typed before the cursor.
---@param line string up to the cursor
---@param after string the rest of it
---@return heph.Begun?
function M.begun(line, after)
  local from, prefix = line:match('.*%[%[()([^%[%]|]*)$')
  if from then
    local close = vim.startswith(after, ']]') and '' or ']]'
    return { from = from - 1, prefix = prefix, asks = { 'doc', 'project' }, close = close }
  end
  from, prefix = line:match('^#()([^%s#]+)$')
  if not from then
    from, prefix = line:match('.*%s#()([^%s#]*)$')
  end
  if from then
    return { from = from - 1, prefix = prefix, asks = { 'tag' }, close = '' }
  end
end

---@param begun heph.Begun
---@param offers heph.Offer[]
local function items_of(begun, offers)
  local items = {}
  for _, offer in ipairs(offers) do
    if offer.what == 'tag' or not offer.word:find('[%[%]|]') then
      local word = offer.word .. begun.close
      table.insert(items, { word = word, abbr = offer.word, menu = offer.what })
    end
  end
  return items
end

---@return heph.Begun?
local function begun_here()
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local line = vim.api.nvim_get_current_line()
  return M.begun(line:sub(1, column), line:sub(column + 1))
end

--- What came too late for the key is offered all the same, where nothing was typed since.
---@param begun heph.Begun
local function offer_late(begun)
  local function offer(offers)
    local is_typing = vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
    if is_typing and vim.deep_equal(begun_here(), begun) and #offers > 0 then
      vim.fn.complete(begun.from + 1, items_of(begun, offers))
    end
  end
  return vim.schedule_wrap(function(offers)
    -- Not before the editor is done with the completion that found nothing.
    vim.defer_fn(function()
      offer(offers)
    end, 50)
  end)
end

local asked_for

--- For 'omnifunc'; see `:help complete-functions`.
---@param findstart integer
---@return integer|table
function M.omnifunc(findstart)
  if findstart == 1 then
    asked_for = begun_here()
    -- -3: cancel, and say nothing.
    return asked_for and asked_for.from or -3
  end
  local begun = asked_for
  if not begun then
    return {}
  end
  return items_of(begun, require('heph.offers').of(begun.asks, begun.prefix, offer_late(begun)))
end

return M
