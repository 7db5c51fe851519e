--- Lines of a buffer replaced by others, so that whoever looks at it is not disturbed.
local M = {}

--- Only what differs is written: cursors, marks and views stay with their lines.
---@param buf integer
---@param lines string[]
function M.replace(buf, lines)
  local old = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  local same = 0
  while same < #old and same < #lines and old[same + 1] == lines[same + 1] do
    same = same + 1
  end
  if same == #old and same == #lines then
    return
  end
  local tail = 0
  while tail < #old - same and tail < #lines - same and old[#old - tail] == lines[#lines - tail] do
    tail = tail + 1
  end
  local put = vim.list_slice(lines, same + 1, #lines - tail)
  vim.api.nvim_buf_set_lines(buf, same, #old - tail, false, put)
end

--- The same, and it cannot be undone: what is there at first is not a change.
---@param buf integer
---@param lines string[]
function M.load(buf, lines)
  local levels = vim.bo[buf].undolevels
  vim.bo[buf].undolevels = -1
  M.replace(buf, lines)
  vim.bo[buf].undolevels = levels
end

return M
