--- Rules that need no daemon, in tables of cases.
local world = require('world')
local eq = world.eq
local text = require('heph.text')
local body = require('heph.body')

local function targets(line)
  return vim.tbl_map(function(link)
    return link.text and { link.target, link.text } or link.target
  end, text.links(line))
end

test('links are found where they are links', function()
  eq(targets('a [[B]] and [[C|d]]'), { 'B', { 'C', 'd' } })
  eq(targets('[[ Spaced ]] [[]] [[ ]] [x] [[a]b]]'), { 'Spaced' })
  eq(targets('`[[code]]` [[B]] ``[[x]] ` `` [[C]]'), { 'B', 'C' })
  eq(targets('a ` b [[B]]'), { 'B' })
  eq(targets('| [[A\\|b]] |'), { { 'A', 'b' } })
  eq(targets('[[A|]]'), { 'A' })
end)

test('a link is known by any of its bytes', function()
  local line = 'ä [[Öl|das Öl]] x'
  for column, wanted in pairs({ [3] = false, [4] = true, [18] = true, [19] = false }) do
    eq(text.link_at(line, column) ~= nil, wanted)
  end
  local link = text.links(line)[1]
  eq(line:sub(link.shown_from, link.last - 2), 'das Öl')
end)

test('checkboxes go round in their order, and appear where there is none', function()
  for from, to in pairs({
    ['- [ ] a'] = '- [x] a',
    ['- [x] a'] = '- [>] a',
    ['* [>] ä'] = '* [~] ä',
    ['  + [~] a'] = '  + [!] a',
    ['1. [!] a'] = '1. [ ] a',
    ['- [?] a'] = '- [ ] a',
    ['- a'] = '- [ ] a',
    ['  a'] = '  - [ ] a',
    ['2) a'] = '2) [ ] a',
    [''] = '- [ ] ',
  }) do
    eq(text.cycled(from), to)
  end
end)

test('what a line says is without what makes it an item', function()
  for from, to in pairs({
    ['  - [x] Buy [[Oil|öl]] now '] = 'Buy öl now',
    ['## Heading'] = 'Heading',
    ['3. third'] = 'third',
    ['* star'] = 'star',
    ['plain `[[code]]`'] = 'plain `[[code]]`',
  }) do
    eq(text.words_of(from), to)
  end
end)

test('a line becomes a task where it stands', function()
  for from, to in pairs({
    ['\t- [x] a'] = '\t- [ ] L',
    ['  * a'] = '  * [ ] L',
    ['1) a'] = '1) [ ] L',
    ['  a'] = '  - [ ] L',
    ['- [ ]a'] = '- [ ] L',
  }) do
    eq(text.promoted(from, 'L'), to)
  end
end)

test('a link is written so that it is one', function()
  local node = { node_id = '01ARZ3NDEKTSV4RRFFQ69G5FAV', title = 'Plain' }
  eq(text.link_to(node), '[[Plain]]')
  eq(text.link_to(node, 'plain'), '[[Plain|plain]]')
  eq(text.link_to(node, nil, true), '[[01ARZ3NDEKTSV4RRFFQ69G5FAV|Plain]]')
  node.title = 'Odd [1] | `x`'
  eq(text.link_to(node), '[[01ARZ3NDEKTSV4RRFFQ69G5FAV|Odd  1    `x`]]')
end)

test('bodies come back to the letter', function()
  for _, each in ipairs({
    '',
    '\n',
    '\r\n',
    'a',
    'a\n',
    'a\r\n',
    'a\r\nb',
    'a\nb\r\n',
    '\n\n',
    '\r\n\r\n',
  }) do
    eq(body.from_lines(body.to_lines(each)), each)
  end
  for _ = 1, 2000 do
    local parts = {}
    for _ = 1, math.random(0, 6) do
      table.insert(parts, ({ 'a', 'ä', '\n', '\r\n', '\r', ' ' })[math.random(6)])
    end
    local each = table.concat(parts)
    eq(body.from_lines(body.to_lines(each)), each)
  end
end)

test('what is not UTF-8 is found', function()
  eq(body.not_utf8({ 'ä', '漢', '🎉', '' }), nil)
  eq(body.not_utf8({ 'ok', 'a\228' }), 2)
  eq(body.not_utf8({ '\237\160\128' }), 1)
  eq(body.not_utf8({ '\192\128' }), 1)
  eq(body.not_utf8({ 'ä\164' }), 1)
end)

test('nothing raw reaches the screen', function()
  local visible = require('heph.visible')
  eq(visible.visible('a\27[31mb\0\n\127'), 'a<1B>[31mb<00><0A><7F>')
  eq(visible.visible('\194\133\226\128\174x'), '<85><202E>x')
  eq(visible.visible('ä漢🎉'), 'ä漢🎉')
end)

test('texts are cut to columns, not bytes', function()
  local visible = require('heph.visible')
  eq(visible.fit('äöüß', 4), 'äöüß')
  eq(visible.fit('äöüßx', 4), 'äöü…')
  eq(visible.fit('漢字漢字', 6), '漢字…')
  eq(visible.fit('abc', 0), '')
end)

test('a page says how much it leaves out', function()
  local entries = { { cells = { 'AB12', 'red', 'ä' }, uri = 'u' } }
  local page =
    require('heph.render').page({ { entries = entries, empty = '-', more = 'and 3' } }, 80)
  eq(page.lines, { 'AB12  red  ä', 'and 3' })
  eq(page.entries[1], nil)
end)

test('words of a command are read as heph reads them', function()
  local options = require('heph.options')
  local known = { project = 'value', due = 'flag', tag = 'many' }
  local parsed = options.parse(
    { 'a', '--tag', 'x', '--due', '--project', '"Spare', 'time"', 'b', '--tag', 'y', '--', '--z' },
    known
  )
  eq(parsed, {
    values = { tag = { 'x', 'y' }, due = true, project = 'Spare time' },
    rest = { 'a', 'b', '--z' },
  })
  local _, wrong = options.parse({ '--project' }, known)
  eq(wrong, 'cannot use --project without a word after it')
  eq(options.text({ '"quoted', 'title"' }), 'quoted title')
  eq(options.text({ 'say', '"hi"' }), 'say "hi"')
end)

test('names of buffers hold any words', function()
  local uri = require('heph.uri')
  for _, words in ipairs({ { 'a b', 'c/d', '100%', 'ä#?' }, {} }) do
    local name = uri.make('list', 'search', words)
    eq(uri.parse(name), { kind = 'list', name = 'search', words = words })
  end
  for _, name in ipairs({ 'heph://', 'heph://doc', 'heph://doc/', 'heph://x/y', 'file:///x' }) do
    eq(uri.parse(name), nil)
  end
end)

test('every code of the protocol has words', function()
  local reference = table.concat(vim.fn.readfile(world.root .. '/docs/reference/rpc.md'), '\n')
  local table_of = reference:match('generated: rpc%-problems.->(.-)<!%-%- end')
  local odd = {
    import_id = 'x',
    export_id = 'x',
    is = { kind = 'doc', title = 't' },
    task = { title = 't' },
    candidates = {},
  }
  local problem = setmetatable({}, {
    __index = function(_, name)
      return odd[name] or ((name:find('max') or name == 'actual' or name:find('_ms')) and 1) or name
    end,
  })
  for code in table_of:gmatch('\n| `([%w_]+)`') do
    local one = setmetatable({ code = code }, getmetatable(problem))
    assert(vim.startswith(require('heph.explain').explain(one), 'cannot '), code)
  end
end)
