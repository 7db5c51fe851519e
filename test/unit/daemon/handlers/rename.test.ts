import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksIn } from '#core/wiki-links.ts';
import { resolveLink } from '#store/links.ts';
import { Core } from '../../../support/builders.ts';

/** A document with a body, and what it says after another was renamed. */
async function renamed(body: string, from: string, to: string, others: string[] = []) {
  await using core = new Core();
  const { node_id: id } = await core.call('doc.new', { title: from });
  const ids = [id];
  for (const title of others) ids.push((await core.call('doc.new', { title })).node_id);
  const { node_id: page } = await core.call('doc.new', { title: 'Page', body });
  const { relinked } = await core.call('doc.rename', { id, title: to });
  const after = (await core.call('doc.show', { id: page })).body;
  return { relinked, body: ids.reduce((text, one, i) => text.replaceAll(one, `ID${i}`), after) };
}

describe('a renaming rewrites', () => {
  test.each([
    ['a link', 'see [[Old]].', 'New', 'see [[New]].', 1],
    ['a link in other letter case', '[[oLD]]', 'New', '[[New]]', 1],
    ['a link with a text, which stays', '[[Old|what it was]]', 'New', '[[New|what it was]]', 1],
    ['a text that is now the title', '[[Old|New]]', 'New', '[[New]]', 1],
    [
      'each of several, and nothing else',
      '[[Old]] Old [[Other]] [[Old|x]]',
      'New',
      '[[New]] Old [[Other]] [[New|x]]',
      1,
    ],
    ['a link in a cell', '| [[Old\\|x]] |', 'New', '| [[New\\|x]] |', 1],
    ['space inside the brackets', '[[ Old | x ]]', 'New', '[[New|x]]', 1],
    ['nothing in code', '`[[Old]]`\n```\n[[Old]]\n```', 'New', '`[[Old]]`\n```\n[[Old]]\n```', 0],
    ['nothing that leads elsewhere', '[[Olden]]', 'New', '[[Olden]]', 0],
    ['nothing, where only the letter case is other', '[[Old]]', 'OLD', '[[Old]]', 0],
    ['to the id, where the title has brackets', '[[Old]]', '[x]', '[[ID0|Old]]', 1],
    ['to the id, where the title has a bar', '[[Old|x]]', 'a|b', '[[ID0|x]]', 1],
    ['to the id, where the title ends in a backslash', '[[Old|x]]', 'C:\\', '[[ID0|x]]', 1],
    ['to the id, where the title has ticks', '` [[Old]]', 'the `x`', '` [[ID0|Old]]', 1],
    ['to a title as long as an id', '[[Old]]', 'x'.repeat(26), `[[${'x'.repeat(26)}]]`, 1],
  ])('%s', async (_, body, to, after, count) => {
    expect(await renamed(body, 'Old', to)).toEqual({ body: after, relinked: count });
  });

  test('the links of the one that has the title already, where they would be led astray', async () => {
    expect(await renamed('[[New]] [[Old]]', 'Old', 'New', ['New'])).toEqual({
      body: '[[ID1|New]] [[New]]',
      relinked: 1,
    });
  });

  test('its own links, to the id where another of the new title was there first', async () => {
    await using core = new Core();
    const { node_id: first } = await core.call('doc.new', { title: 'New' });
    const { node_id: id } = await core.call('doc.new', { title: 'Old', body: '[[Old]] [[New]]' });
    const { relinked } = await core.call('doc.rename', { id, title: 'New' });
    expect(relinked).toBe(0);
    expect((await core.call('doc.show', { id })).body).toBe(`[[${id}|Old]] [[New]]`);
    expect((await core.call('doc.show', { id: first })).body).toBe('');
  });

  test('bodies of any kind of node, and says how many that are there', async () => {
    await using core = new Core();
    const { node_id: id } = await core.call('project.add', { name: 'Old' });
    const task = await core.file('Paint', { context: '[[Old]]' });
    await core.call('journal.write', { append: '[[Old]] [[old]]' });
    await core.call('context.write', { id, body: '[[Old]]' });
    const gone = await core.call('doc.new', { title: 'Gone', body: '[[Old]]' });
    await core.call('node.delete', { ids: [gone.node_id] });
    expect(await core.call('project.rename', { id, name: 'New' })).toMatchObject({
      title: 'New',
      relinked: 2,
    });
    const bodies = [task.node_id, id, gone.node_id].map(async (one) =>
      (await core.call('context.read', { id: one })).body.trim(),
    );
    expect(await Promise.all(bodies)).toEqual(['[[New]]', '[[New]]', '[[New]]']);
    expect((await core.call('journal.read', {})).body).toBe('[[New]] [[New]]\n');
  });

  test('links to a task whose title is edited', async () => {
    await using core = new Core();
    const { node_id: id } = await core.file('Old');
    await core.call('doc.new', { title: 'Page', body: '[[Old]]' });
    await core.call('task.edit', { id, title: 'New' });
    expect((await core.call('doc.show', { id: 'Page' })).body).toBe('[[New]]');
  });
});

test('a project cannot be given the name of another', async () => {
  await using core = new Core();
  const { node_id: home } = await core.call('project.add', { name: 'Home' });
  await core.call('project.add', { name: 'Garden' });
  expect(await core.problem('project.rename', { id: 'Garden', name: 'hOME' })).toEqual({
    code: 'conflict',
    ref: home,
  });
  expect(await core.call('project.rename', { id: 'Home', name: 'HOME' })).toMatchObject({
    title: 'HOME',
  });
});

const TITLES = [
  'a',
  'A',
  'a b',
  'a  b',
  'é',
  'e\u0301',
  'É',
  '[x]',
  'a|b',
  'a`b',
  'c\\',
  'İ',
  'ß',
  '😀',
  'Hafenkonzertkartenschalter',
];
const titles = fc.constantFrom(...TITLES);
/** `ID0` and so on stand for ids, which are not known before. */
const targets = fc.oneof(titles, fc.constantFrom('ID0', 'ID1', 'nothing'));
const pieces = fc.oneof(
  targets.map((target) => `[[${target}]]`),
  fc
    .tuple(targets, fc.constantFrom('x', 'a', 'A'))
    .map(([target, text]) => `[[${target}|${text}]]`),
  fc.constantFrom('`', '``', '\n', '```\n', 'text ', '|', '[['),
);
const nodes = fc.array(
  fc.record({
    kind: fc.constantFrom('task', 'doc', 'project'),
    title: targets,
    body: fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
    isDeleted: fc.boolean(),
  }),
  { minLength: 2, maxLength: 6 },
);

/** Each link of each node: where it leads, and what it shows. */
function linksOf(core: Core) {
  const rows = core.db
    .prepare('SELECT id, text FROM nodes JOIN bodies USING (n) ORDER BY n')
    .all() as { id: string; text: string }[];
  return rows.map(({ text: body }) =>
    linksIn(body).map(({ target, text }) => ({
      target,
      text,
      to: resolveLink(core.sql, target),
    })),
  );
}

/** @returns which node it was: one may have the id of another for a title. Null where it is refused. */
async function renameNode(core: Core, kind: string | undefined, id: string, title: string) {
  const row =
    kind === 'task'
      ? core.call('task.edit', { id, title })
      : kind === 'doc'
        ? core.call('doc.rename', { id, title })
        : core.call('project.rename', { id, name: title });
  return row.then(
    ({ node_id: node }) => node,
    () => null,
  );
}

test('after any renaming, each link leads where it led, and shows what it showed', async () => {
  await fc.assert(
    fc.asyncProperty(
      nodes,
      fc.array(fc.tuple(fc.nat(5), targets), { minLength: 1, maxLength: 3 }),
      async (all, renamings) => {
        await using core = new Core();
        const ids = all.map(() => core.newId());
        const withIds = (text: string) =>
          text.replaceAll(/ID(\d)/g, (_, i: string) => ids[Number(i)] ?? '');
        core.write(
          ...all.map(
            ({ kind }, i) =>
              ({ node: ids[i] ?? '', field: 'created', value: { kind, at_ms: 1 } }) as const,
          ),
          ...all.map(
            ({ title }, i) =>
              ({ node: ids[i] ?? '', field: 'title', value: withIds(title) }) as const,
          ),
          ...all.map(
            ({ body }, i) => ({ node: ids[i] ?? '', field: 'body', value: withIds(body) }) as const,
          ),
        );
        for (const [i, { isDeleted }] of all.entries())
          if (isDeleted) core.write({ node: ids[i] ?? '', field: 'tombstoned', value: true });
        for (const [who, title] of renamings) {
          const i = who % all.length;
          const ref = ids[i] ?? '';
          const before = linksOf(core);
          const to = withIds(title);
          const id = await renameNode(core, all[i]?.kind, ref, to);
          const after = linksOf(core);
          expect(after.map((links) => links.length)).toEqual(before.map((links) => links.length));
          for (const [n, links] of before.entries()) {
            for (const [l, was] of links.entries()) {
              const is = after[n]?.[l];
              if (was.to === null) {
                expect([null, id]).toContain(is?.to?.id ?? null);
                expect([is?.target, is?.text]).toEqual([was.target, was.text]);
                continue;
              }
              expect(is?.to?.id).toBe(was.to.id);
              if (was.text !== null) expect(is?.text ?? is?.target).toBe(was.text);
              else expect([was.target, is?.to?.title]).toContain(is?.text ?? is?.target);
            }
          }
        }
        expect(core.internalErrors).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
