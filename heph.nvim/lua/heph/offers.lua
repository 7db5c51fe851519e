--- Words that only the daemon knows, while a key waits for them.
local client = require('heph.client')

local M = {}

--- How long it waits.
local PATIENCE_MS = 100

---@alias heph.Offer { word: string, hint: string, what: string }

--- Ask for words of several kinds.
---@param kinds string[] of `complete`
---@param prefix string
---@param done fun(offers: heph.Offer[]) in a fast event, once
local function gather(kinds, prefix, done)
  local answers, missing = {}, #kinds
  for i, what in ipairs(kinds) do
    client.request_fast('complete', { what = what, prefix = prefix }, function(_, result)
      answers[i] = result and result.rows or {}
      missing = missing - 1
      if missing > 0 then
        return
      end
      local offers = {}
      for each, rows in ipairs(answers) do
        for _, row in ipairs(rows) do
          table.insert(offers, { word = row.word, hint = row.hint, what = kinds[each] })
        end
      end
      done(offers)
    end)
  end
end

--- Ask for words of several kinds, and wait for a moment.
---@param kinds string[]
---@param prefix string
---@param late fun(offers: heph.Offer[])? where they came after that; in a fast event
---@return heph.Offer[]
function M.of(kinds, prefix, late)
  local offers, is_late
  gather(kinds, prefix, function(found)
    offers = found
    if is_late and late then
      late(found)
    end
  end)
  -- Fast events alone: nothing may change a text while it is being completed.
  vim.wait(PATIENCE_MS, function()
    return offers ~= nil
  end, 2, true)
  is_late = offers == nil
  return offers or {}
end

return M
