--- What there is to list: each asks, and makes sections of the answer.
local client = require('heph.client')
local render = require('heph.render')
local uri = require('heph.uri')

local M = {}

---@alias heph.Listed fun(problem: heph.Problem?, sections: heph.Section[]?)
---@alias heph.List fun(words: string[], listed: heph.Listed)

--- How many days of the journal are shown.
local JOURNAL_DAYS = 14
--- How many documents the home page shows.
local RECENT_DOCS = 8
local DAY_MS = 86400000
--- Nobody reads more lines, and making them would hold up the editor.
local ROWS_MAX = 2000

---@return heph.Answer # hands what went wrong on, and makes sections of the rest
local function sections(listed, make)
  return function(problem, result)
    if problem then
      return listed(problem)
    end
    listed(nil, make(result))
  end
end

---@param result table of `task.next` or `task.list`
---@param empty string
---@return heph.Section
local function tasks(result, empty)
  local rows = vim.list_slice(result.rows, 1, ROWS_MAX)
  local more = #result.rows - #rows
  return {
    entries = vim.tbl_map(function(row)
      return render.task(row, result.today)
    end, rows),
    flexible = 3,
    empty = empty,
    more = more > 0 and ('and %d more: see --project, --tag, --grep'):format(more) or nil,
  }
end

---@param epoch_ms integer
---@param format string
local function local_time(epoch_ms, format)
  return os.date(format, math.floor(epoch_ms / 1000)) --[[@as string]]
end

local function doc_entry(row)
  return {
    cells = { local_time(row.updated_at, '%Y-%m-%d'), row.title },
    uri = uri.of_node(row),
    node = row,
  }
end

---@type heph.List
function M.next(words, listed)
  local limit = tonumber(words[1]) or require('heph.config').get().next_limit
  client.request(
    'task.next',
    { limit = limit, short_ids = true },
    sections(listed, function(result)
      local empty = 'Nothing is next: no task is waiting for today.'
      return { tasks(result, empty) }
    end)
  )
end

--- What `:Heph list` takes, besides words that shall be there.
M.LIST_OPTIONS = {
  project = 'value',
  tag = 'value',
  attention = 'value',
  state = 'value',
  key = 'value',
  grep = 'value',
  due = 'flag',
  all = 'flag',
}

---@type heph.List
function M.list(words, listed)
  local parsed, wrong = require('heph.options').parse(words, M.LIST_OPTIONS)
  if not parsed or #parsed.rest > 0 then
    local detail = wrong or ('cannot list "%s": see :Heph search'):format(parsed.rest[1])
    return client.later(listed)({ code = 'usage', message = detail })
  end
  local params = vim.tbl_extend('force', parsed.values, { short_ids = true })
  client.request(
    'task.list',
    params,
    sections(listed, function(result)
      return { tasks(result, 'No task is like that.') }
    end)
  )
end

---@type heph.List
function M.search(words, listed)
  local query = table.concat(words, ' ')
  client.request(
    'search',
    { query = query, limit = 200, short_ids = true },
    sections(listed, function(result)
      local entries = vim.tbl_map(function(hit)
        local where = hit.where == 'title' and '' or (hit.where .. ': ' .. hit.snippet)
        local kind = (hit.state and hit.state ~= 'outstanding') and hit.state or hit.kind
        return {
          cells = { hit.short_id or hit.node_id, kind, hit.title, where },
          uri = uri.of_node(hit),
          node = hit,
        }
      end, result.rows)
      return { { entries = entries, flexible = 4, empty = 'Nothing has that.' } }
    end)
  )
end

---@type heph.List
function M.backlinks(words, listed)
  client.request(
    'link.back',
    { id = words[1] },
    sections(listed, function(result)
      local entries = vim.tbl_map(function(node)
        return {
          cells = { node.node_id, node.kind, node.title },
          uri = uri.of_node(node),
          node = node,
        }
      end, result.rows)
      return { { entries = entries, flexible = 3, empty = 'Nothing links to it.' } }
    end)
  )
end

---@type heph.List
function M.log(words, listed)
  client.request(
    'log.list',
    { id = words[1] },
    sections(listed, function(result)
      local node = { node_id = result.node_id, kind = result.kind, title = result.title }
      local entries = {}
      for _, entry in ipairs(result.rows) do
        for i, line in ipairs(vim.split(entry.text, '\n', { plain = true })) do
          local at = i == 1 and local_time(entry.at, '%Y-%m-%d %H:%M') or ''
          table.insert(entries, { cells = { at, line }, uri = uri.of_node(node), node = node })
        end
      end
      local heading = require('heph.visible').visible(result.title)
      return { { heading = heading, entries = entries, empty = 'Nothing was noted.' } }
    end)
  )
end

--- Noon, so that no change of clocks moves the day.
---@param day string YYYY-MM-DD
---@return integer # epoch milliseconds
local function noon_of(day)
  local year, month, date = day:match('^(%d+)-(%d+)-(%d+)$')
  return os.time({ year = year, month = month, day = date, hour = 12 }) * 1000
end

---@return string[] # days from a day on, backwards
local function days_back(today, count)
  local days = {}
  for back = 0, count - 1 do
    days[back + 1] = local_time(noon_of(today) - back * DAY_MS, '%Y-%m-%d')
  end
  return days
end

---@param page table of `journal.read`
local function day_entry(page)
  local first = vim.split(page.body, '\n', { plain = true })[1]
  local written = page.node_id and (first ~= '' and first or '(an empty first line)')
  return {
    cells = { page.day, local_time(noon_of(page.day), '%a'), written or 'create' },
    uri = uri.make('journal', page.day),
    node = page.node_id and page or nil,
  }
end

--- The pages of some days, in their order; or the first thing that went wrong.
local function read_days(days, done)
  local pages, missing, has_failed = {}, #days, false
  for i, day in ipairs(days) do
    client.request('journal.read', { date = day }, function(problem, page)
      pages[i] = page
      missing = missing - 1
      if has_failed then
        return
      end
      has_failed = problem ~= nil
      if problem or missing == 0 then
        done(problem, pages)
      end
    end)
  end
end

---@type heph.List
function M.journals(_, listed)
  client.request('journal.read', {}, function(problem, today)
    if problem then
      return listed(problem)
    end
    read_days(
      days_back(today.day, JOURNAL_DAYS),
      sections(listed, function(pages)
        return { { entries = vim.tbl_map(day_entry, pages), flexible = 3, empty = '' } }
      end)
    )
  end)
end

---@type heph.List
function M.home(_, listed)
  client.request('journal.read', {}, function(problem, page)
    if problem then
      return listed(problem)
    end
    M.next({}, function(next_problem, next_sections)
      if next_problem then
        return listed(next_problem)
      end
      client.request(
        'doc.list',
        {},
        sections(listed, function(docs)
          local recent = vim.tbl_map(doc_entry, vim.list_slice(docs.rows, 1, RECENT_DOCS))
          next_sections[1].heading = 'Next'
          return {
            { heading = 'Today', entries = { day_entry(page) }, flexible = 3, empty = '' },
            next_sections[1],
            { heading = 'Documents', entries = recent, flexible = 2, empty = 'None yet.' },
          }
        end)
      )
    end)
  end)
end

return M
