--- What is asked for where nothing is said, and what may be typed next.
local world = require('world')
local eq, heph, made = world.eq, world.heph, world.made

test('task, note and done ask where nothing is said', function()
  local child = world.child()
  child:lua("Input = 'Asked for'")
  child:cmd('Heph task')
  child:until_said('filed')
  child:lua("Choice = 'Asked for'")
  child:cmd('Heph done')
  child:until_said('done "Asked for"')
end)

test('links, projects and tags complete', function()
  made({ 'doc', 'new', 'Zebra crossing' })
  heph({ 'project', 'add', 'Zebras' })
  made({ 'task', 'Tagged', '--tag', 'zebrawood' })
  vim.cmd.edit('heph://doc/' .. made({ 'doc', 'new', 'Completion', '--body', 'x' }))
  local complete = require('heph.complete')
  local function offered(line)
    world.type({ line })
    vim.api.nvim_win_set_cursor(0, { 1, #line })
    -- The cursor of normal mode stands on a character; that of insert mode after it.
    vim.wo.virtualedit = 'onemore'
    vim.api.nvim_win_set_cursor(0, { 1, #line })
    local from = complete.omnifunc(1, '')
    return from,
      from < 0 and {} or vim.tbl_map(function(item)
        return item.word
      end, complete.omnifunc(0, line:sub(from + 1)))
  end
  local from, words = offered('über [[zeb')
  eq({ from, words }, { 8, { 'Zebra crossing]]', 'Zebras]]' } })
  from, words = offered('is #zeb')
  eq({ from, words }, { 4, { 'zebrawood' } })
  eq(offered('# zeb'), -3)
  eq(offered('nothing'), -3)
  vim.wo.virtualedit = ''
end)

test('the command line completes commands, options, projects, ids and titles', function()
  heph({ 'project', 'add', 'Yak farm' })
  made({ 'doc', 'new', 'Yak wool prices' })
  local id = made({ 'task', 'Shear', '--attention', 'red' })
  eq(vim.fn.getcompletion('Heph pro', 'cmdline'), { 'promote' })
  eq(vim.fn.getcompletion('Heph list --at', 'cmdline'), { '--attention' })
  eq(vim.fn.getcompletion('Heph list --attention o', 'cmdline'), { 'orange' })
  eq(vim.fn.getcompletion('Heph task x --project Y', 'cmdline'), { '"Yak farm"' })
  eq(vim.fn.getcompletion('Heph task x --project "Yak f', 'cmdline'), { 'farm"' })
  eq(vim.fn.getcompletion('Heph list --project y', 'cmdline'), { '"Yak farm"' })
  eq(vim.fn.getcompletion('Heph open Yak wo', 'cmdline'), { 'wool prices' })
  local ids = vim.fn.getcompletion('Heph done ', 'cmdline')
  assert(vim.iter(ids):any(function(each)
    return vim.endswith(id, each)
  end))
end)

test('completion without a daemon offers what it knows', function()
  vim.env.HEPH_SOCKET = vim.fn.tempname()
  eq(vim.fn.getcompletion('Heph und', 'cmdline'), { 'undo' })
  eq(vim.fn.getcompletion('Heph open x', 'cmdline'), {})
end)
