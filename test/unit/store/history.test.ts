import { expect, test } from 'vitest';
import { Core } from '../../support/builders.ts';

test('the history of a node has what touched it, the newest first, and no more than asked for', async () => {
  await using core = new Core();
  const { node_id: id } = await core.file('Paint the door');
  await core.file('Another');
  await core.call('task.edit', { id, title: 'Paint the gate' });
  await core.call('task.done', { ids: [id] });
  const methods = async (limit?: number) =>
    (await core.call('history.list', { id, limit })).rows.map(({ method }) => method);
  expect(await methods()).toEqual(['task.done', 'task.edit', 'task.add']);
  expect(await methods(1)).toEqual(['task.done']);
});
