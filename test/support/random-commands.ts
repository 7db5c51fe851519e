import fc from 'fast-check';
import { ATTENTIONS } from '#core/task.ts';
import type { Core } from './builders.ts';

const words = fc.constantFrom('milk', 'Zähne', '日本語', 'a 😀 b');
/** One thing that somebody might do to a store. */
export const step = fc.record({
  what: fc.constantFrom(
    'add',
    'add',
    'edit',
    'done',
    'drop',
    'write',
    'append',
    'project',
    'doc',
    'rename',
    'journal',
    'log',
    'tag',
    'delete',
    'undo',
    'undo',
  ),
  who: fc.nat(9),
  title: words,
  text: fc.string({
    unit: fc.constantFrom('x', 'é', '😀', '\n', '[[milk]]', '[[a 😀 b|b]]', '`'),
    maxLength: 12,
  }),
  recur: fc.constantFrom(undefined, null, 'daily', 'every 2 weeks'),
  date: fc.constantFrom('none', 'today', '+3d', '2026-12-24'),
  attention: fc.constantFrom(...ATTENTIONS),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
  key: fc.constantFrom(undefined, null, 'k1', 'k2'),
  waitMs: fc.nat(5000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Do one thing to the store; what the rules refuse is as good a step as any. */
export async function take(
  core: Core,
  ids: string[],
  { what, who, title, text, date, attention, tags, key, recur, waitMs }: Step,
): Promise<void> {
  core.clock.advance(waitMs);
  const id = ids[who % ids.length] ?? 'none';
  const project = who % 3 === 0 ? title : null;
  const fields = {
    title,
    do_date: date,
    late_on: date,
    attention,
    tags,
    context: text,
    key,
    project,
    recur,
  };
  switch (what) {
    case 'add': {
      const problem = await core.problem('task.add', fields);
      if (problem === null)
        ids.push(
          core
            .list({ all: true })
            .map((row) => row.node_id)
            .toSorted()
            .at(-1) ?? '',
        );
      return;
    }
    case 'edit':
      return void (await core.problem('task.edit', { id, ...fields }));
    case 'done':
    case 'drop':
      return void (await core.problem(`task.${what}`, { ids: [id] }));
    case 'write':
      return void (await core.problem('context.write', { id, body: text }));
    case 'append':
      return void (await core.problem('context.write', { id, append: text }));
    case 'doc':
      return void (await core.problem('doc.new', { title, body: text }));
    case 'rename':
      return void (await core.problem('doc.rename', { id: title, title: `${title} ${who}` }));
    case 'journal':
      return void (await core.problem('journal.write', { date, append: text }));
    case 'log':
      return void (await core.problem('log.add', { id, text: `${title} ${text}` }));
    case 'tag':
      return void (await core.problem('tag.add', { id, tags: ['a', title] }));
    case 'delete':
      return void (await core.problem('node.delete', { ids: [id] }));
    case 'undo':
      return void (await core.problem('history.undo', {}));
    default:
      return void (await core.problem('project.add', { name: title }));
  }
}
