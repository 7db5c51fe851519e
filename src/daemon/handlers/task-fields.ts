import { addDays, parseDate, type CivilDate } from '#core/dates.ts';
import { HephError } from '#core/errors.ts';
import { parseRecurrence, saidAgain } from '#core/recurrence.ts';
import type { RecurFrom, Task } from '#core/task.ts';
import { checkBody, checkKey, checkTags, checkTitle } from '#core/text.ts';
import { rename } from '#daemon/handlers/rename.ts';
import type { Write, WriteWorld } from '#daemon/world.ts';
import type { Params } from '#protocol/methods.ts';
import { readBody } from '#store/bodies.ts';
import { findProject } from '#store/projects.ts';
import { findByKey, readTask } from '#store/tasks.ts';

export type Fields = Omit<Params<'task.edit'>, 'id' | 'short_ids'>;

/** Write those of the given fields that differ from what the task has. */
export function setFields(world: WriteWorld, n: number, fields: Fields, write: Write): void {
  const task = readTask(world.sql, n);
  const node = task.id;
  if (fields.title !== undefined) {
    rename(world, { node_id: node, title: task.title }, checkTitle(fields.title, 'title'), write);
  }
  if (fields.attention !== undefined && fields.attention !== task.attention) {
    write({ node, field: 'attention', value: fields.attention });
  }
  setDates(world, task, fields, write);
  if (fields.project !== undefined) {
    const value = fields.project === null ? null : findProject(world.sql, fields.project).node_id;
    if (value !== task.projectId) write({ node, field: 'project', value });
  }
  setKey(world, n, task, fields.key, write);
  if (fields.tags !== undefined) setTags(node, task.tags, checkTags(fields.tags), write);
  if (fields.context !== undefined) {
    const value = checkBody(fields.context ?? '');
    if (value !== readBody(world.sql, n)) write({ node, field: 'body', value });
  }
}

/** The tags a node shall have, against those it has. */
export function setTags(node: string, before: string[], after: string[], write: Write): void {
  for (const tag of after) {
    if (!before.includes(tag)) write({ node, field: `tag:${tag}`, value: true });
  }
  for (const tag of before) {
    if (!after.includes(tag)) write({ node, field: `tag:${tag}`, value: false });
  }
}

/** Do-date, late date and recurrence: a recurring task always has a day. */
function setDates(world: WriteWorld, task: Task, fields: Fields, write: Write): void {
  const { id: node } = task;
  const today = world.clock.today();
  const recurFrom = fields.recur_from ?? task.recurFrom;
  let doOn = dateOf('do_date', fields.do_date, today) ?? given(fields.do_date, task.doOn);
  const lateFrom = dateOf('late_on', fields.late_on, today) ?? given(fields.late_on, task.lateFrom);
  const recurrence = recurrenceOf(fields, recurFrom, doOn ?? lateFrom ?? today, task);
  const isUndated = doOn === null && lateFrom === null;
  const hadDate = task.doOn !== null || task.lateFrom !== null;
  if (recurrence !== null && (recurrence !== task.recurrence || (isUndated && hadDate))) {
    const first = world.nextOccurrence(recurrence, doOn ?? lateFrom ?? today, addDays(today, -1));
    if (first === null) {
      const text = fields.recur ?? recurrence;
      throw new HephError({ code: 'bad_recurrence', text, why: 'never' });
    }
    if (isUndated) doOn = recurFrom === 'done' ? today : first;
  }
  if (doOn !== task.doOn) write({ node, field: 'do_on', value: doOn });
  if (lateFrom !== task.lateFrom) write({ node, field: 'late_from', value: lateFrom });
  if (recurrence !== task.recurrence) write({ node, field: 'recurrence', value: recurrence });
  if (recurFrom !== task.recurFrom) write({ node, field: 'recur_from', value: recurFrom });
}

/** What holds where no date was said in words: nothing, or what was there. */
function given(words: string | null | undefined, before: CivilDate | null): CivilDate | null {
  return words === undefined ? before : null;
}

/** A date in words; null where there are none, or the word `none`. */
function dateOf(
  field: string,
  words: string | null | undefined,
  today: CivilDate,
): CivilDate | null {
  if (words === undefined || words === null || isNone(words)) return null;
  const date = parseDate(words, today);
  if (date === null) throw new HephError({ code: 'bad_date', field, text: words });
  return date;
}

/**
 * A task that was put off keeps the day of its rule, though a script files it again in
 * the same words. One that begins to count from the schedule has the day of that edit.
 */
function recurrenceOf(
  { recur: words, do_date: doDate, late_on: lateOn }: Fields,
  from: RecurFrom,
  anchor: CivilDate,
  task: Task,
): string | null {
  if (words === undefined) {
    const before = task.recurrence;
    const isOpen = from === 'schedule' && task.recurFrom === 'done';
    return isOpen && before !== null ? parseRecurrence(before, from, anchor) : before;
  }
  if (words === null || isNone(words)) return null;
  const rule = parseRecurrence(words, from, anchor);
  if (rule === null) throw new HephError({ code: 'bad_recurrence', text: words, why: 'words' });
  const isNewDay = doDate !== undefined || lateOn !== undefined;
  if (isNewDay || task.recurrence === null) return rule;
  return saidAgain(words, from, task.recurrence) ?? rule;
}

function isNone(words: string): boolean {
  return words.trim().toLowerCase() === 'none';
}

/** A key may name one outstanding task; taking another's is refused, not shared. */
function setKey(
  world: WriteWorld,
  n: number,
  task: Task,
  key: string | null | undefined,
  write: Write,
): void {
  if (key === undefined || key === task.key) return;
  const value = key === null ? null : checkKey(key);
  const holder =
    value === null || task.state !== 'outstanding' ? null : findByKey(world.sql, value);
  if (holder !== null && holder !== n) {
    throw new HephError({ code: 'conflict', ref: readTask(world.sql, holder).id });
  }
  write({ node: task.id, field: 'key', value });
}
