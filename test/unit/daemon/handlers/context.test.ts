import { describe, expect, test } from 'vitest';
import { LIMITS } from '#core/node.ts';
import { Core } from '../../../support/builders.ts';

async function withBody(body: string) {
  const core = new Core();
  const { node_id: id } = await core.file('Note', { context: body });
  return {
    core,
    id,
    read: async () => (await core.call('context.read', { id })).body,
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  };
}

test.each([
  ['replaced', 'old', { body: 'new' }, 'new'],
  ['emptied', 'old', { body: '' }, ''],
  ['added to', 'old', { append: 'new' }, 'old\nnew\n'],
  ['begun by adding', '', { append: 'new' }, 'new\n'],
  ['kept to the byte', '', { body: '\r\n\0 \ttrailing  \n\n😀' }, '\r\n\0 \ttrailing  \n\n😀'],
])('a body is %s', async (_, before, change, after) => {
  await using note = await withBody(before);
  await note.core.call('context.write', { id: note.id, ...change });
  expect(await note.read()).toBe(after);
});

describe('the version', () => {
  test('changes with the body, and only with it', async () => {
    await using note = await withBody('one');
    const version = async () => (await note.core.call('context.read', { id: note.id })).version;
    const first = await version();
    await note.core.call('task.edit', { id: note.id, title: 'Other' });
    expect(await version()).toBe(first);
    const written = await note.core.call('context.write', { id: note.id, body: 'two' });
    expect(await version()).toBe(written.version);
    expect(written.version).not.toBe(first);
  });

  test('protects a change made meanwhile', async () => {
    await using note = await withBody('one');
    const { version } = await note.core.call('context.read', { id: note.id });
    await note.core.call('context.write', { id: note.id, append: 'theirs' });
    const mine = { id: note.id, body: 'mine', if_version: version };
    expect(await note.core.problem('context.write', mine)).toEqual({
      code: 'conflict',
      ref: note.id,
    });
    expect(await note.read()).toBe('one\ntheirs\n');
    const now = await note.core.call('context.read', { id: note.id });
    expect(
      await note.core.problem('context.write', { ...mine, if_version: now.version }),
    ).toBeNull();
  });
});

test('any kind of node has a body', async () => {
  await using core = new Core();
  const { node_id: id } = await core.call('project.add', { name: 'Home' });
  await core.call('context.write', { id: id.slice(-6), body: 'where we live' });
  expect(await core.call('context.read', { id })).toMatchObject({
    node_id: id,
    kind: 'project',
    title: 'Home',
    body: 'where we live',
  });
});

test('what adding would make too long is refused, and the body stays', async () => {
  await using note = await withBody('x'.repeat(LIMITS.bodyBytes - 2));
  expect(await note.core.problem('context.write', { id: note.id, append: 'yy' })).toEqual({
    code: 'too_long',
    field: 'context',
    max: LIMITS.bodyBytes,
    actual: LIMITS.bodyBytes + 2,
    unit: 'bytes',
  });
  expect(await note.read()).toHaveLength(LIMITS.bodyBytes - 2);
});
