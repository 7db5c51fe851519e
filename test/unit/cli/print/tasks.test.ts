import fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Context } from '#cli/command.ts';
import { printRanked, printTasks } from '#cli/print/tasks.ts';
import { widthOf } from '#cli/print/width.ts';
import type { RankedRow, TaskRow } from '#protocol/tasks.ts';

const TODAY = '2026-11-18';
const ID = '01AAAAAAAA0000000000007Q2M';

function row(fields: Partial<RankedRow> = {}): RankedRow {
  return {
    node_id: ID,
    kind: 'task',
    title: 'Pay the rent',
    state: 'outstanding',
    attention: 'white',
    do_date: null,
    do_on: null,
    late_on: null,
    late_from: null,
    recurrence: null,
    recur_from: 'schedule',
    project: null,
    project_id: null,
    tags: [],
    key: null,
    created_at: Date.parse('2026-11-01T12:00:00Z'),
    updated_at: 0,
    tombstoned: false,
    tier: 'white',
    ...fields,
  };
}

/** What is printed to a terminal so wide, or to a pipe. */
async function printed(
  columns: number | null,
  print: (context: Context) => Promise<void>,
  env: Record<string, string> = {},
): Promise<string> {
  let text = '';
  const context = { invocation: { columns, env }, print: (more: string) => (text += more) };
  await print(context as unknown as Context);
  return text;
}

const list = (rows: TaskRow[], columns: number | null, env?: Record<string, string>) =>
  printed(columns, (context) => printTasks(context, rows, TODAY), env);
const full = row({
  project: 'Home',
  tags: ['a', 'b'],
  do_on: TODAY,
  late_from: '2026-11-30',
  short_id: '7Q2M',
});

describe('into a pipe', () => {
  test('a line is four cells with tabs between, and holds the whole id', async () => {
    expect(
      await list(
        [row(), row({ project: 'Home', tags: ['a', 'b'], do_on: TODAY, attention: 'red' })],
        null,
      ),
    ).toBe(`${ID}\twhite\tPay the rent\t\n${ID}\tred\tPay the rent\tHome  #a  #b  do 2026-11-18\n`);
  });

  test('there is no colour, and no title is cut', async () => {
    const title = 'x'.repeat(900);
    const text = await list([row({ title })], null, { TERM: 'xterm' });
    expect(text).toContain(title);
    expect(stripVTControlCharacters(text)).toBe(text);
  });

  test('the reason is a cell of its own', async () => {
    const text = await printed(null, (context) => printRanked(context, [row()], TODAY, true));
    expect(text.split('\t')).toHaveLength(5);
    expect(text).toMatch(/\twhite: normal; no date, filed 2026-11-01\n$/);
  });
});

describe('on a terminal', () => {
  test('columns are aligned', async () => {
    const text = await list(
      [
        full,
        row({ title: 'Zähne', attention: 'orange', short_id: 'K1VDX' }),
        row({ title: '日本', state: 'done', short_id: '9999' }),
      ],
      100,
    );
    expect(stripVTControlCharacters(text).split('\n')).toEqual([
      '7Q2M   white   Pay the rent          Home  #a  #b  do 2026-11-18  late 2026-11-30',
      'K1VDX  orange  Zähne',
      '9999   done    日本',
      '',
    ]);
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('%s means no colour', async (_, env) => {
    const text = await list([full], 80, env);
    expect(stripVTControlCharacters(text)).toBe(text);
  });

  test('an empty NO_COLOR means nothing', async () => {
    const text = await list([full], 80, { NO_COLOR: '' });
    expect(stripVTControlCharacters(text)).not.toBe(text);
  });

  test('what colour says, a word says too', async () => {
    const rows = [
      row({ attention: 'red' }),
      row({ late_from: '2026-11-01' }),
      row({ attention: 'blue' }),
      row({ state: 'dropped' }),
    ];
    const words = stripVTControlCharacters(await list(rows, 80))
      .split('\n')
      .map((line) => line.split(/ +/)[1]);
    expect(words).toEqual(['red', 'late', 'blue', 'dropped', undefined]);
  });

  test('a title never steers it', async () => {
    const text = await list(
      [row({ title: 'a\u001b[2Jb', project: 'p\u0007', tags: ['t\u009b'] })],
      80,
      { NO_COLOR: '1' },
    );
    expect(text).toContain('a<1B>[2Jb');
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0007\u001b\u009b]/);
  });

  const texts = fc.string({
    unit: fc.constantFrom('a', 'é', '日', '😀', ' ', 'word'),
    minLength: 1,
    maxLength: 60,
  });
  test('no line is wider than the terminal, from 45 columns up', async () => {
    const rows = fc.record({
      title: texts,
      project: fc.option(texts),
      tags: fc.array(texts, { maxLength: 3 }),
      do_on: fc.constantFrom(null, TODAY),
      late_from: fc.constantFrom(null, '2026-11-01', '2026-12-01'),
      short_id: fc.constantFrom('7Q2M', '07Q2M', '007Q2M'),
      state: fc.constantFrom('outstanding', 'done', 'dropped'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(rows, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 45, max: 200 }),
        async (some, columns) => {
          const text = stripVTControlCharacters(
            await list(
              some.map((fields) => row(fields as Partial<RankedRow>)),
              columns,
            ),
          );
          const lines = text.trimEnd().split('\n');
          expect(lines).toHaveLength(some.length);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
