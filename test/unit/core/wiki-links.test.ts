import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLinkable, linksIn, linkText, relinked } from '#core/wiki-links.ts';

const said = (body: string) =>
  linksIn(body).map(({ target, text }) => (text === null ? target : [target, text]));

describe('the links of a body', () => {
  test.each<[string, string, unknown[]]>([
    ['a title', 'see [[Home]].', ['Home']],
    ['a title and a text', '[[Home|where we live]]', [['Home', 'where we live']]],
    ['several, on several lines', '[[a]] and [[b]]\n- [[c|d]]', ['a', 'b', ['c', 'd']]],
    ['space around', '[[ Home | here ]]', [['Home', 'here']]],
    ['a bar escaped in a cell', '| [[Home\\|here]] |', [['Home', 'here']]],
    ['more bars', '[[a|b|c]]', [['a', 'b|c']]],
    ['a text that is empty', '[[a|]] [[b| ]]', ['a', 'b']],
    ['a picture', '![[a]]', ['a']],
    ['any letters', '[[Zähne 😀]] [[日本語]]', ['Zähne 😀', '日本語']],
    ['a title with a backslash at its end', '[[C:\\]]', ['C:\\']],
    ['ticks in the link itself', '[[a`b`c]] [[d]]', ['a`b`c', 'd']],
    ['a line break of DOS', '[[a]]\r\n[[b]]\r\n', ['a', 'b']],
    ['an inner bracket begins anew', '[[a [[b]]', ['b']],
    ['no title', '[[]] [[ ]] [[|x]]', []],
    ['over two lines', '[[a\nb]]', []],
    ['one bracket', '[a] [b](c) [[a] ]', []],
    ['a bracket inside', '[[a]b]]', []],
  ])('%s', (_, body, links) => {
    expect(said(body)).toEqual(links);
  });

  test.each<[string, string, unknown[]]>([
    ['ticks', '`[[a]]` [[b]]', ['b']],
    ['two ticks, with one inside', '`` ` [[a]] `` [[b]]', ['b']],
    ['a tick that nothing closes', '` [[a]]', ['a']],
    ['ticks that other ticks do not close', '`` [[a]] ` [[b]]', ['a', 'b']],
    ['ticks closed on the next line only', '`\n[[a]] `', ['a']],
    ['escaped ticks', '\\`[[a]]\\` `[[b]]`', ['a']],
    ['ticks of a link that do not open code', '[[a`b]] ` [[c]] `', ['a`b']],
    ['a code block', '```\n[[a]]\n```\n[[b]]', ['b']],
    ['a code block of tildes, with ticks in it', '~~~ md\n```\n[[a]]\n~~~\n[[b]]', ['b']],
    ['a longer fence than the one inside', '````\n```\n[[a]]\n````\n[[b]]', ['b']],
    ['a fence that is closed by a longer one', '```\n[[a]]\n`````\n[[b]]', ['b']],
    ['a fence with words after it does not close', '```\n``` js\n[[a]]\n```\n[[b]]', ['b']],
    ['a code block with lines of DOS', '```\r\n[[a]]\r\n```\r\n[[b]]', ['b']],
    ['a fence that nothing closes', '[[a]]\n```\n[[b]]', ['a']],
    ['ticks that look like a fence', '```[[a]]``` is code\n[[b]]', ['b']],
    ['a fence too far in', '    ```\n[[a]]', ['a']],
  ])('but none in code: %s', (_, body, links) => {
    expect(said(body)).toEqual(links);
  });

  test('say where they stand, and which bar they have', () => {
    const body = '😀 [[a]] | [[b\\|c]]';
    expect(linksIn(body).map(({ start, end, bar }) => [body.slice(start, end), bar])).toEqual([
      ['[[a]]', '|'],
      ['[[b\\|c]]', '\\|'],
    ]);
  });

  // Taken pair by pair against each other, these would take minutes.
  test('are found in one long line of code and links', () => {
    expect(linksIn('`x` [[a]] '.repeat(200_000))).toHaveLength(200_000);
    expect(linksIn(`${'` `` '.repeat(200_000)}[[`)).toEqual([]);
    expect(linksIn('[['.repeat(500_000))).toEqual([]);
  });
});

test.each([
  ['Home', null, '[[Home]]'],
  ['Home', 'here', '[[Home|here]]'],
  ['Home', 'Home', '[[Home]]'],
])('a link to %j that shows %j is written %s', (target, text, written) => {
  expect(linkText(target, text)).toBe(written);
});

test.each([
  ['Home', true],
  ['a \\ b', true],
  ['🏡, 日本', true],
  ['[x]', false],
  ['a]]b', false],
  ['a|b', false],
  ['C:\\', false],
  ['the `x`', false],
])('%j can stand in a link: %s', (title, can) => {
  expect(isLinkable(title)).toBe(can);
});

const pieces = fc.constantFrom(
  '[[',
  ']]',
  '[[a]]',
  '[[b|c]]',
  '[[b\\|c]]',
  '|',
  '\\',
  '`',
  '``',
  '\n',
  '```\n',
  '~~~\n',
  'x',
  ' ',
  '😀',
);
const bodies = fc.array(pieces, { maxLength: 25 }).map((all) => all.join(''));

test('a body whose links are written again is the same body, and of the same links', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      expect(relinked(body, () => null)).toBe(body);
      const again = relinked(body, ({ target, text, bar }) => linkText(target, text, bar));
      expect(said(again)).toEqual(said(body));
    }),
    { numRuns: 2000 },
  );
});

test('a link that is rewritten moves no other into code, and none out of it', () => {
  fc.assert(
    fc.property(
      bodies,
      fc.nat(5),
      fc.constantFrom('z', 'a b', '01AAAAAAAA0000000000007Q2M'),
      (body, which, to) => {
        const before = said(body);
        let place = 0;
        const body2 = relinked(body, ({ text, bar }) =>
          place++ === which ? linkText(to, text, bar) : null,
        );
        const expected = before.map((link, i) => {
          if (i !== which) return link;
          return Array.isArray(link) ? [to, link[1]] : to;
        });
        expect(said(body2)).toEqual(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
