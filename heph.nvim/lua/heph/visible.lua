--- Text that a screen will only show.
local M = {}

--- @param char string
local function code(char)
  return ('<%02X>'):format(vim.fn.char2nr(char))
end

--- Control characters, and what turns the direction of writing, become their code in
--- brackets. Line breaks too: what comes back is one line.
---@param text string
---@return string
function M.visible(text)
  if not text:find('[%z\1-\31\127\194\226]') then
    return text
  end
  local shown = text
    :gsub('%z', '<00>')
    :gsub('[\1-\31\127]', code)
    :gsub('\194[\128-\159]', code)
    :gsub('\226\128[\168-\174]', code)
    :gsub('\226\129[\166-\169]', code)
  return shown
end

--- Columns that a text without control characters takes.
---@param text string
---@return integer
function M.width(text)
  return text:find('[\128-\255]') and vim.api.nvim_strwidth(text) or #text
end

--- Cut to so many columns, with an ellipsis where it was cut.
---@param text string
---@param columns integer
---@return string
function M.fit(text, columns)
  if M.width(text) <= columns then
    return text
  end
  local low, high = 0, vim.fn.strcharlen(text)
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if vim.api.nvim_strwidth(vim.fn.strcharpart(text, 0, middle, true)) < columns then
      low = middle
    else
      high = middle - 1
    end
  end
  return columns > 0 and (vim.fn.strcharpart(text, 0, low, true) .. '…') or ''
end

--- Filled up with spaces to so many columns.
---@param text string
---@param columns integer
---@return string
function M.pad(text, columns)
  return text .. (' '):rep(columns - M.width(text))
end

return M
