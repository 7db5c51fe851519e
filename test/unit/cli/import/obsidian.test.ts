import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVault } from '#cli/import/obsidian.ts';
import { readFolder } from '#node/import-files.ts';
import { nodeRecord } from '#protocol/records.ts';
import { texts } from './records.ts';

const MTIME = Date.parse('2026-11-01T10:00:00Z');
const file = (path: string, text: string) => ({ path, text, mtimeMs: MTIME + 0.25 });

/** Notes by path, as text; what comes out by title. */
async function vault(notes: Record<string, string>) {
  const files = Object.entries(notes).map(([path, text]) => file(path, text));
  const { records, problems } = await readVault(files, 'v');
  return { records, problems, titled: new Map(records.map((record) => [record.title, record])) };
}

/** What becomes of a text beside some notes to link to. */
async function bodyOf(text: string, path = 'here/it.md'): Promise<string | undefined> {
  const { titled } = await vault({
    [path]: text,
    'Note.md': '',
    'sub/Other.md': '---\naliases: [Second, 2nd]\n---\n',
    'sub/Note.md': '',
    'here/Near.md': '',
    'deep/er/Near.md': '',
    'zk/a1.md': '---\ntitle: The [first] | one\n---\n',
  });
  return titled.get('it')?.body;
}

describe('the vault of the fixtures', async () => {
  const found = await readFolder('fixtures/import/vault', '.md', 1e6);
  const { records, problems } = await readVault(found.files, 'vault');
  const bodies = Object.fromEntries(records.map(({ title, body }) => [title, body]));

  test('is read into records that the protocol takes, and twice into the same', async () => {
    for (const record of records) expect(nodeRecord.parse(record)).toEqual(record);
    expect(await readVault(found.files.toReversed(), 'vault')).toMatchObject({ records });
    expect(found.others).toEqual(['picture.png']);
  });

  test('every note has its title, and its kind', () => {
    expect(records.map(({ kind, title, tags }) => [kind, title, ...tags])).toEqual([
      ['doc', 'Home', 'index', 'start-here'],
      ['doc', 'broken'],
      ['journal', '2026-11-24', 'diary'],
      ['doc', '2026-11-24 (old)'],
      ['doc', 'Plan'],
      ['doc', 'Links in zk: by file', 'zk'],
      ['doc', 'Second [note]'],
      ['doc', 'Alpha'],
      ['doc', 'Plan (projects/alpha)', 'work', 'planning', 'urgent', 'q4/2026'],
    ]);
  });

  test('links lead to titles', () => {
    const second = records.find(({ title }) => title === 'Second [note]')?.node_id;
    expect(bodies['Home']).toContain(`
See [[Alpha]], [[Plan (projects/alpha)|Plan]], [[Plan|Plan#Risks]] and [[Plan (projects/alpha)|the plan]].
An [[Plan|aka]], a [[missing note]], [[#below]], and \`[[Plan]]\` in code.

| who         | where                     |
| ----------- | ------------------------- |
| [[2026-11-24]] | [[Plan (projects/alpha)\\|here]] |

\`\`\`
[[projects/alpha/Plan]] #nocode
\`\`\`

![[picture.png]] ![[Plan (projects/alpha)|Plan]]
`);
    expect(bodies['Links in zk: by file']).toBe(`
See [[${second}|the other]], [[${second}|Second | note]], [[Plan (projects/alpha)|plan#risks]],
[the web](https://example.org/x2cd.md), ![image](x2cd.md), [nothing](nowhere.md).
`);
  });

  test('what was not taken as it was is told', () => {
    expect(problems).toEqual([
      {
        place: 'broken.md:2',
        why: expect.stringMatching(
          /^cannot read the front matter: .*; it stays in the body$/,
        ) as string,
      },
      {
        place: 'old/2026-11-24.md',
        why: 'cannot keep two journals of 2026-11-24: daily/2026-11-24.md is it, and this became a doc',
      },
    ]);
    expect(bodies['broken']).toBe('---\ntitle: [never closed\n---\nThe text is still here.\n');
    expect(bodies['Alpha']).toBe('With CRLF.\r\nUp: [[Home]]\r\n');
  });
});

describe('front matter', () => {
  test.each<[string, string, object]>([
    ['title: A: b', 'x', { title: 'it' }],
    ['title: "A: b"', '', { title: 'A: b' }],
    ['title: 2024', 'x', { title: 'it' }],
    ['tags: [a, b/c]', '', { tags: ['a', 'b/c'] }],
    ['tags: a, b c', '', { tags: ['a', 'b', 'c'] }],
    ['tags:\n  - a\n  - 2026', '', { tags: ['a', '2026'] }],
    ['tag: a', '', { tags: ['a'] }],
    ['tags: ["#a"]', 'x', { tags: ['a'] }],
    ['tags: [two words]', 'x', { tags: ['two-words'] }],
    ['tags: [[MOC]]', 'x', { tags: [] }],
    ['tags: {{tags}}', 'x', { tags: [] }],
    ['tags: [a, true]', 'x', { tags: ['a'] }],
    ['tags: [2024.10]', 'x', {}],
    ['created: 2026-01-05', '', { created_at: Date.parse('2026-01-05T12:00Z') }],
    ['date: 2026-01-05T10:20:30+02:00', '', { created_at: Date.parse('2026-01-05T08:20:30Z') }],
    ['created: last year', 'x', { created_at: MTIME }],
    ['created: 1969-12-31', 'x', { created_at: MTIME }],
    ['created: 2026-01-05\ndate: 2026-01-05', '', {}],
    ['created: 2026-01-05\ndate: 2026-01-06', 'x', { created_at: Date.parse('2026-01-05T12:00Z') }],
    ['aliases: [a]', 'x', {}],
    ['title: A\nstatus: open', 'x', { title: 'A' }],
    ['title: A # why', 'x', { title: 'A' }],
    ['title:', 'x', { title: 'it' }],
    ['- a', 'x', { title: 'it' }],
    ['a: &a [*a]', 'x', { title: 'it' }],
  ])('%j', async (yaml, kept, more) => {
    const head = `---\n${yaml}\n---\n`;
    const { records } = await vault({ 'it.md': `${head}\nText.` });
    expect(records).toMatchObject([{ ...more, body: `${kept === '' ? '' : head}\nText.` }]);
  });

  test.each(['---\n---\ntext', '---\r\ntitle: A\r\n---\r\ntext', '\uFEFF---\ntitle: A\n---\ntext'])(
    '%j is front matter and a text',
    async (text) => {
      expect((await vault({ 'it.md': text })).records).toMatchObject([{ body: 'text' }]);
    },
  );

  test.each(['text\n---\ntitle: A\n---\n', '---\ntitle: A\n', '--- a\n---\n', '----\na\n---\n'])(
    '%j has none',
    async (text) => {
      expect((await vault({ 'it.md': text })).records).toMatchObject([{ title: 'it', body: text }]);
    },
  );
});

test.each([
  ['#a and #b', ['a', 'b']],
  ['#ü/ö_-1 (#no) x#no # no', ['ü/ö_-1']],
  ['#2026 #y2026', ['y2026']],
  ['#🚀 #日本', ['🚀', '日本']],
  ['`#no` ```#no``` #yes', ['yes']],
  ['~~~\n#no\n~~~\n#yes', ['yes']],
  ['````\n```\n#no\n````\n#yes', ['yes']],
  ['> ```\n> #no\n> ```\n#yes', ['yes']],
  ['- ```js\n  #no\n  ```\n- #yes', ['yes']],
  ['```\n#no', []],
  ['`a\n#yes `', ['yes']],
])('the tags of %j', async (text, tags) => {
  expect((await vault({ 'it.md': text })).records).toMatchObject([{ tags, body: text }]);
});

test.each<readonly [link: string, wanted: string]>([
  ['[[Note]]', '[[Note]]'],
  ['[[note]]', '[[Note|note]]'],
  ['[[Note.md]]', '[[Note]]'],
  ['[[Note|text]]', '[[Note|text]]'],
  ['[[Note#A b]]', '[[Note|Note#A b]]'],
  ['[[Note#A b|text]]', '[[Note|text#A b]]'],
  ['[[sub/Note]]', '[[Note (sub)|Note]]'],
  ['[[/sub/Note|text]]', '[[Note (sub)|text]]'],
  ['[[../sub/Note]]', '[[Note (sub)|Note]]'],
  ['[[Near]]', '[[Near]]'],
  ['[[er/Near]]', '[[Near (deep/er)|Near]]'],
  ['[[Second]]', '[[Other|Second]]'],
  ['[[2nd|text]]', '[[Other|text]]'],
  ['![[sub/Note]]', '![[Note (sub)|Note]]'],
  ['[text](Near.md)', '[[Near|text]]'],
  ['[Near](./Near)', '[[Near]]'],
  ['[](Near.md)', '[[Near]]'],
  ['[text](../sub/Note.md#a)', '[[Note (sub)|text#a]]'],
  ['[text](<../sub/Note.md>)', '[[Note (sub)|text]]'],
  ['[text](..%2Fsub%2FNote.md)', '[[Note (sub)|text]]'],
  ['| [[sub/Note]] | b |', String.raw`| [[Note (sub)\|Note]] | b |`],
  [String.raw`| [[sub/Note\|a]] |`, String.raw`| [[Note (sub)\|a]] |`],
  ...[
    '[[nowhere]]',
    '[[#Part]]',
    '[[]]',
    '[[pic.png]]',
    '![a](Near.md)',
    '[a](https://b/Near.md)',
    '[a](Note',
    '[a](#x)',
    '[a](Near.md "t")',
    '`[[sub/Note]]`',
    '[a](%E0%A4%A)',
    '[[a\nb]]',
  ].map((same) => [same, same] as const),
])('%s becomes %s', async (link, wanted) => {
  expect(await bodyOf(`a\n${link}\r\nb`)).toBe(`a\n${wanted}\r\nb`);
});

test('what a link cannot hold is linked by its id', async () => {
  const { titled } = await vault({
    'it.md': '[[a1]]',
    'zk/a1.md': '---\ntitle: The [first] | one\n---\n',
  });
  expect(titled.get('it')?.body).toBe(`[[${titled.get('The [first] | one')?.node_id}|a1]]`);
});

test('any other text stays as it is, to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      // A text with front matter may lose it.
      fc.pre(!/^\uFEFF?---/.test(text) && !text.startsWith('\uFEFF'));
      expect((await vault({ 'it.md': text })).records).toMatchObject([{ title: 'it', body: text }]);
    }),
  );
});

describe('titles and ids', () => {
  test('no two notes have one title, whatever its letters', async () => {
    const { records } = await vault({
      'b/x.md': '---\ntitle: A\n---\n',
      'A.md': '',
      'b/a.md': '',
      'b/y.md': '---\ntitle: a\n---\n',
      'é.md': '',
      'c/e\u0301.md': '',
    });
    expect(records.map(({ title }) => title)).toEqual([
      'A',
      'é',
      'a (b)',
      'A (b/x)',
      'a (b/y)',
      'é (c)',
    ]);
  });

  test('the path makes the id: not the text, the day, or the order', async () => {
    const [first] = (await vault({ 'a/b.md': 'x' })).records;
    const again = await readVault([{ path: 'a/b.md', text: 'y', mtimeMs: 5 }], 'v');
    const other = await readVault([{ path: 'a/b.md', text: 'x', mtimeMs: 5 }], 'w');
    expect(again.records[0]?.node_id).toBe(first?.node_id);
    expect(other.records[0]?.node_id).not.toBe(first?.node_id);
    expect(first).toMatchObject({ created_at: MTIME, updated_at: MTIME });
  });

  test('a note of over 10 MiB is reported and left out', async () => {
    const { records, problems } = await vault({
      'big.md': 'x'.repeat(10 * 1024 * 1024 + 1),
      'a.md': '',
    });
    expect(records).toHaveLength(1);
    expect(problems).toEqual([
      { place: 'big.md', why: 'cannot take a context of 10485761 bytes: 10485760 is the most' },
    ]);
  });
});
