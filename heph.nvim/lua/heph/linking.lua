--- Text that becomes a link: words, a selection that moves out, a line that is a task.
local client = require('heph.client')
local pick = require('heph.pick')
local say = require('heph.say')
local selection = require('heph.selection')
local text = require('heph.text')

local M = {}

local GONE = 'cannot put the link there: the text is gone'

--- A link that can only mean this node: by its title, unless others are called so too.
---@param node heph.Node
---@param shown string?
---@param made fun(link: string)
local function link_to(node, shown, made)
  require('heph.resolve').find(
    node.title,
    say.unless_problem(function(nodes)
      local is_clear = #nodes == 1 and nodes[1].node_id == node.node_id
      made(text.link_to(node, shown, not is_clear))
    end)
  )
end

---@param node heph.Node
---@param shown string?
---@param put fun(text: string|fun(now: string): string): boolean
local function put_link(node, shown, put)
  link_to(node, shown, function(link)
    if not put(link) then
      say.cannot(GONE, 'the link is: ' .. link)
    end
  end)
end

--- Put a link where the cursor is, to what is picked.
---@param call heph.Call
function M.insert(call)
  local row, col = unpack(vim.api.nvim_win_get_cursor(call.win))
  local line = vim.api.nvim_get_current_line()
  -- In normal mode the cursor is on a character, and the link goes after it.
  local is_typing = vim.api.nvim_get_mode().mode:sub(1, 1) == 'i'
  local at = (is_typing or line == '') and col or col + 1 + vim.str_utf_end(line, col + 1)
  local place = { buf = call.buf, first_row = row - 1, first_col = at, last_row = row - 1 }
  place.last_col, place.is_linewise = at, false
  local put = selection.keep(place)
  pick.node_by_words('Link to:', function(node)
    put_link(node, nil, function(link)
      local was_put = put(link)
      -- Who is typing goes on behind it.
      if was_put and is_typing and vim.api.nvim_get_current_win() == call.win then
        local now = vim.api.nvim_win_get_cursor(call.win)
        vim.api.nvim_win_set_cursor(call.win, { now[1], at + #link })
      end
      return was_put
    end)
  end)
end

--- What is called so, as choices; and what else can be made of the words.
local function choices_for(words, nodes)
  local choices = vim.tbl_map(pick.as_choice, nodes)
  table.insert(choices, { label = ('create  "%s"'):format(words), create = words })
  table.insert(choices, { label = ('[[%s]]  as it is, leading nowhere yet'):format(words) })
  return choices
end

---@param words string
---@param nodes heph.Node[]
---@param put fun(text: string|fun(now: string): string): boolean
local function pick_link(words, nodes, put)
  pick.choose(choices_for(words, nodes), ('"%s" is:'):format(words), function(choice)
    if choice.node then
      put_link(choice.node, words, put)
    elseif choice.create then
      pick.create(choice.create, function(node)
        put_link(node, words, put)
      end)
    else
      put(('[[%s]]'):format(words))
    end
  end)
end

--- The words become a link: to what is called so, or to what is picked.
---@param call heph.Call
function M.linkify(call)
  local cursor = vim.api.nvim_win_get_cursor(call.win)
  local place = call.range > 0 and selection.of(call)
    or selection.word(call.buf, cursor[1] - 1, cursor[2])
  if not place then
    return M.insert(call)
  end
  local whole = selection.text(place)
  local words = vim.trim(whole)
  if whole:find('\n') or words:find('[%[%]|]') or words == '' then
    return say.cannot('cannot make a link of this', 'select words of one line without brackets')
  end
  place.first_col = place.first_col + #whole:match('^%s*')
  place.last_col = place.first_col + #words
  local put = selection.keep(place)
  require('heph.resolve').find(
    words,
    say.unless_problem(function(nodes)
      if #nodes == 1 then
        put_link(nodes[1], words, put)
      elseif not pick.is_possible() then
        put(('[[%s]]'):format(words))
      elseif #nodes > 1 then
        pick_link(words, nodes, put)
      else
        client.request('search', { query = words, limit = 100 }, function(_, result)
          local titled = vim.tbl_filter(function(hit)
            return hit.where == 'title'
          end, result and result.rows or {})
          pick_link(words, titled, put)
        end)
      end
    end)
  )
end

--- The selection becomes a document of its own, and a link to it stands in its place.
---@param call heph.Call
function M.extract(call)
  local place = selection.of(call)
  local whole = selection.text(place)
  if vim.trim(whole) == '' then
    return say.cannot('cannot extract nothing', 'select the text that shall be a document')
  end
  local options = require('heph.options')
  local put = selection.keep(place)
  local newline = vim.bo[call.buf].fileformat == 'dos' and '\r\n' or '\n'
  local body = whole:gsub('\n', newline) .. newline
  local function extract(title)
    client.change(
      'doc.new',
      { title = title, body = body },
      say.unless_problem(function(node)
        put_link(node, nil, put)
      end)
    )
  end
  local title = options.text(call.words)
  local first = text.words_of(vim.split(vim.trim(whole), '\n')[1])
  if title ~= '' or not pick.is_possible() then
    return extract(title ~= '' and title or first)
  end
  pick.ask('Title:', first, extract)
end

---@param params table of `task.add`
---@param line { words: string, put: fun(text: fun(now: string): string): boolean }
---@param done fun()
local function promote_line(params, line, done)
  params = vim.tbl_extend('force', params, { title = line.words })
  client.change(
    'task.add',
    params,
    say.unless_problem(function(task)
      local link = text.link_to(task, nil, true)
      local function with_link(now)
        return text.promoted(now, link)
      end
      if not line.put(with_link) then
        say.cannot(GONE, 'the task is: ' .. link)
      end
      done()
    end)
  )
end

---@param line string
---@return boolean # it is one that was promoted before
local function is_promoted(line)
  local item = text.checkbox(line)
  local link = item and text.links(item.text)[1]
  return link ~= nil and text.is_ulid(link.target) and link.last == #vim.trim(item.text)
end

--- A line, to be found again whatever is typed above it meanwhile.
---@param buf integer
---@param row integer from 0
---@param line string
local function kept(buf, row, line)
  local place = { buf = buf, first_row = row, first_col = 0, last_row = row, last_col = #line }
  place.is_linewise = true
  return { words = text.words_of(line), put = selection.keep(place) }
end

--- Lines become tasks, one after another; what stands there then leads to them.
---@param call heph.Call
function M.promote(call)
  local parsed, wrong = require('heph.options').parse(call.words, require('heph.tasks').OPTIONS)
  if not parsed then
    return say.cannot(wrong)
  end
  local params = require('heph.tasks').params(parsed.values)
  local lines = {}
  for row = call.first - 1, call.last - 1 do
    local line = vim.api.nvim_buf_get_lines(call.buf, row, row + 1, false)[1] or ''
    if text.words_of(line) ~= '' and not is_promoted(line) then
      table.insert(lines, kept(call.buf, row, line))
    end
  end
  if #lines == 0 then
    return say.cannot('cannot make a task of this line: it is empty, or is one already')
  end
  local function go_on(i)
    if lines[i] then
      return promote_line(params, lines[i], function()
        go_on(i + 1)
      end)
    end
    say.done(#lines == 1 and 'the line is a task now' or ('%d lines are tasks now'):format(#lines))
  end
  go_on(1)
end

return M
