--- heph in Neovim: tasks and notes, through the daemon. `:help heph`.
local M = {}

--- Change what is set. Not needed: everything works without.
---@param options heph.Config?
function M.setup(options)
  require('heph.config').set(options)
end

--- Ask the daemon something, as `docs/reference/rpc.md` has it.
---@param method string
---@param params table
---@param answer heph.Answer on the main loop, once; after 45 s at the latest a problem
function M.request(method, params, answer)
  require('heph.client').request(method, params, answer)
end

--- The same for a change: it is made once, or not at all, whatever happens to the connection.
---@param method string
---@param params table
---@param answer heph.Answer
function M.change(method, params, answer)
  require('heph.client').change(method, params, answer)
end

--- A problem in words.
---@param problem heph.Problem
---@return string message
---@return string? hint what to do about it
function M.explain(problem)
  return require('heph.explain').explain(problem)
end

--- Run `:Heph` with these words.
---@param ... string
function M.run(...)
  vim.cmd.Heph({ args = { ... } })
end

return M
