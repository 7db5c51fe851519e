import { expect, test } from 'vitest';
import { Core } from '../../../support/builders.ts';
import { common, ID, importInto, task } from '../../../support/records.ts';

test('a project is made once, whatever the letter case, and says which it was', async () => {
  await using core = new Core();
  const made = await core.call('project.add', { name: ' Home and garden ' });
  expect(made).toMatchObject({
    kind: 'project',
    title: 'Home and garden',
    archived: false,
    outstanding: 0,
    created: true,
  });
  const kept = await core.call('project.add', { name: 'HOME AND GARDEN' });
  expect(kept).toEqual({ ...made, created: false });
});

test('projects are listed by name, archived ones last, each with how much is outstanding', async () => {
  await using core = new Core();
  for (const name of ['work', 'Attic', 'home']) await core.call('project.add', { name });
  const attic = await core.call('project.add', { name: 'Attic' });
  core.write({ node: attic.node_id, field: 'archived', value: true });
  const { node_id: id } = await core.file('a', { project: 'work' });
  await core.file('b', { project: 'work' });
  await core.call('task.done', { ids: [id] });
  const { rows } = await core.call('project.list', {});
  expect(rows.map(({ title, archived, outstanding }) => [title, archived, outstanding])).toEqual([
    ['home', false, 0],
    ['work', false, 1],
    ['Attic', true, 0],
  ]);
});

test.each([
  ['', 'bad_value'],
  ['two\nlines', 'bad_value'],
  ['x'.repeat(1001), 'too_long'],
])('a project cannot be named %j', async (name, code) => {
  await using core = new Core();
  expect(await core.problem('project.add', { name })).toMatchObject({ code, field: 'name' });
});

test.each([
  ['project.archive', (id: string) => ({ id })],
  ['project.rename', (id: string) => ({ id, name: 'Garden' })],
  ['task.add', (id: string) => ({ title: 'Paint', project: id })],
  ['task.list', (id: string) => ({ project: id })],
] as const)(
  'a deleted project is none to %s, though its whole id be given',
  async (method, params) => {
    await using core = new Core();
    const { node_id: id } = await core.call('project.add', { name: 'Home' });
    await core.call('node.delete', { ids: [id] });
    expect(await core.problem(method, params(id) as never)).toEqual({
      code: 'not_found',
      kind: 'project',
      ref: id,
    });
  },
);

test('an archived project that is deleted hides nothing any more; undone, it does again', async () => {
  await using core = new Core();
  const { node_id: id } = await core.call('project.add', { name: 'Home' });
  await core.file('Paint', { project: 'Home' });
  await core.call('project.archive', { id });
  expect(core.list()).toEqual([]);
  await core.call('node.delete', { ids: [id] });
  expect(core.list()).toMatchObject([{ title: 'Paint', project: null }]);
  expect((await core.call('task.next', {})).rows).toHaveLength(1);
  expect((await core.call('history.list', { limit: 1 })).rows[0]?.changes).toHaveLength(1);
  await core.call('history.undo', {});
  expect(core.list()).toEqual([]);
  expect((await core.call('project.list', {})).rows).toMatchObject([{ archived: true }]);
});

test('of two projects of one name, which an import may bring, neither is taken for the other', async () => {
  await using core = new Core();
  const own = await core.call('project.add', { name: 'Garden' });
  const record = { kind: 'project', ...common(1), title: 'Garden', archived: false } as const;
  await importInto(core, [record, task(2, { project_id: ID(1), project: 'Garden' })]);
  const ambiguous = {
    code: 'ambiguous',
    candidates: [{ node_id: own.node_id }, { node_id: ID(1) }],
  };
  for (const problem of [
    await core.problem('task.add', { title: 'Dig', project: 'garden' }),
    await core.problem('project.archive', { id: 'Garden' }),
  ])
    expect(problem).toMatchObject(ambiguous);
  expect(() => core.list({ project: 'Garden' })).toThrow('ambiguous');
  expect(core.list({ project: ID(1) }).map(({ title }) => title)).toEqual(['Node 2']);
  await core.call('project.rename', { id: ID(1), name: 'Garden there' });
  expect(core.list({ project: 'Garden' })).toEqual([]);
});

test.each([
  ['a project', 'project.add', { name: 'boiler' }],
  ['a document', 'doc.new', { title: 'boiler', body: '' }],
] as const)(
  '%s that is new draws no link from what was called so before',
  async (_, method, params) => {
    await using core = new Core();
    const { node_id: led } = await core.call('doc.new', { title: 'Boiler', body: '' });
    const { node_id: id } = await core.file('x', { context: 'See [[boiler]].' });
    await core.call(method, params);
    expect((await core.call('context.read', { id })).body).toBe('See [[Boiler]].');
    expect((await core.call('link.list', { id })).rows).toMatchObject([{ node_id: led }]);
  },
);
