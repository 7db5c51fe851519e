import fc from 'fast-check';
import { ATTENTIONS } from '#core/task.ts';
import type { MethodName, Params } from '#protocol/methods.ts';
import type { NodeRecord } from '#protocol/records.ts';
import type { Core } from './builders.ts';

/** Few, so that titles meet each other and the links to them. */
export const TITLES = ['milk', 'Milk', 'Zähne', 'a 😀 b', 'a|b', '[x]'] as const;

const bodies = fc.string({
  unit: fc.constantFrom('x ', 'é', '😀', '\n', '[[milk]]', '[[Milk|m]]', '[[a 😀 b]] ', '`'),
  maxLength: 12,
});
const days = fc.constantFrom('none', 'today', '+3d', '2026-12-24');

/** One command to a store, of any kind that changes it; which node it is about is found when it is taken. */
export const step = fc.record({
  what: fc.constantFrom(
    'task.add',
    'task.add',
    'task.edit',
    'task.edit',
    'task.done',
    'task.drop',
    'task.skip',
    'context.write',
    'context.append',
    'doc.new',
    'doc.edit',
    'doc.rename',
    'project.add',
    'project.rename',
    'project.archive',
    'journal.write',
    'log.add',
    'tag.add',
    'tag.remove',
    'node.delete',
    'import.commit',
    'history.undo',
    'history.undo',
  ),
  who: fc.nat(99),
  title: fc.constantFrom(...TITLES),
  text: bodies,
  recur: fc.constantFrom(undefined, null, 'daily', 'every 2 weeks', 'daily 2 times'),
  recurFrom: fc.constantFrom(undefined, 'schedule', 'done'),
  date: days,
  attention: fc.constantFrom(...ATTENTIONS),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
  key: fc.constantFrom(undefined, null, 'k1', 'k2'),
  waitMs: fc.nat(5000),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The ids of a kind's nodes that are there, or were: deleted ones can still be named in full. */
function idsOf(core: Core, kind: string): string[] {
  return core.db
    .prepare(`SELECT id FROM nodes WHERE kind LIKE ? ORDER BY n`)
    .pluck()
    .all(kind) as string[];
}

/** Do one thing to the store; what the rules refuse is as good a step as any. */
export async function take(core: Core, command: Step): Promise<void> {
  const { what, who, title, text, date, attention, tags, key, recur, recurFrom, waitMs } = command;
  core.clock.advance(waitMs);
  const one = (kind: string) => {
    const ids = idsOf(core, kind);
    return ids[who % ids.length] ?? 'none';
  };
  const ask = async <M extends MethodName>(method: M, params: Params<M>) =>
    void (await core.problem(method, params));
  const fields = {
    title,
    do_date: date,
    late_on: who % 2 === 0 ? date : 'none',
    attention,
    tags,
    context: text,
    key,
    project: who % 3 === 0 ? one('project') : null,
    recur,
    recur_from: recurFrom,
  };
  switch (what) {
    case 'task.add':
      return ask(what, { ...fields, project: who % 3 === 0 ? title : null });
    case 'task.edit':
      return ask(what, { id: one('task'), ...fields });
    case 'task.done':
    case 'task.drop':
    case 'task.skip':
      return ask(what, { ids: [one('task')] });
    case 'context.write':
      return ask(what, { id: one('%'), body: text });
    case 'context.append':
      return ask('context.write', { id: one('%'), append: text });
    case 'doc.new':
      return ask(what, { title, body: text });
    case 'doc.edit':
      return ask(what, { id: one('doc'), append: text });
    case 'doc.rename':
      return ask(what, {
        id: one(who % 2 === 0 ? 'doc' : 'task'),
        title: who % 5 === 0 ? `${title}s` : title,
      });
    case 'project.add':
      return ask(what, { name: title });
    case 'project.rename':
      return ask(what, { id: one('project'), name: title });
    case 'project.archive':
      return ask(what, { id: one('project'), archived: who % 2 === 0 });
    case 'journal.write':
      return ask(what, { date, append: text });
    case 'log.add':
      return ask(what, { id: one('%'), text: `${title} ${text}` });
    case 'tag.add':
    case 'tag.remove':
      return ask(what, { id: one('%'), tags });
    case 'node.delete':
      return ask(what, { ids: [one('%')] });
    case 'import.commit':
      return importSome(core, command, one('task'));
    case 'history.undo':
      return ask(what, {});
  }
}

/** Take in a task that is there with other fields, a new one, a project, a document, and a page of a day. */
async function importSome(core: Core, command: Step, known: string): Promise<void> {
  const { title, text, attention, tags, key, who } = command;
  const common = (node_id: string) => ({
    node_id,
    title,
    created_at: 1000,
    updated_at: 2000 + who,
    tags,
    body: text,
    log: text.trim() === '' ? [] : [{ entry_id: core.newId(), at: 1500, text: text.trimEnd() }],
    tombstoned: who % 4 === 0,
  });
  const task = (node_id: string) => ({
    kind: 'task' as const,
    ...common(node_id),
    state: who % 3 === 0 ? ('done' as const) : ('outstanding' as const),
    attention,
    do_on: '2026-12-01',
    late_from: null,
    recurrence: null,
    recur_from: 'schedule' as const,
    project_id: null,
    project: who % 2 === 0 ? title : null,
    key: key ?? null,
  });
  const records: NodeRecord[] = [
    ...(known === 'none' ? [] : [task(known)]),
    { kind: 'project', ...common(core.newId()), archived: who % 5 === 0 },
    task(core.newId()),
    { kind: 'doc', ...common(core.newId()) },
    { kind: 'journal', ...common(core.newId()), day: '2026-11-18' },
  ];
  const { import_id } = await core.call('import.begin', {});
  await core.call('import.stage', { import_id, part: 0, records });
  await core.problem('import.commit', { import_id });
}
