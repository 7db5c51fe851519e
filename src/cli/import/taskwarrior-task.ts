import { writtenMoment } from '#cli/import/civil.ts';
import { importId } from '#cli/import/import-id.ts';
import { tagsOf, titleOf } from '#cli/import/limits.ts';
import { datesOf, OF_THE_DAY, stampMs } from '#cli/import/taskwarrior-dates.ts';
import type { Ulid } from '#core/ids.ts';
import type { Attention, State } from '#core/task.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** A task as Taskwarrior exports it, with what every task has. */
export interface Exported {
  uuid: string;
  description: string;
  /** A stamp, as all its moments: `20261124T225201Z`. */
  entry: string;
  status: Status;
  [attribute: string]: unknown;
}

/** By uuid, the task that it is here. */
export type TaskNames = Map<string, Exported>;

type TaskRecord = Extract<NodeRecord, { kind: 'task' }>;
type Status = keyof typeof STATES;

const STATES = {
  pending: 'outstanding',
  waiting: 'outstanding',
  recurring: 'outstanding',
  completed: 'done',
  deleted: 'dropped',
} as const satisfies Record<string, State>;

/** `H` is not red: red is now, and a priority stays for months. */
const ATTENTIONS = new Map<unknown, Attention>([
  ['H', 'orange'],
  ['L', 'blue'],
]);

/** What Taskwarrior keeps for itself, or can be told from the rest. */
const INTERNAL = ['id', 'urgency', 'mask', 'imask', 'parent', 'rtype', 'template', 'last'];
const TAKEN = ['uuid', 'description', 'entry', 'modified', 'status', 'annotations'];

/** A value as an exported task, or why it is none. */
export function asExported(value: unknown): Exported | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'cannot take this as a task: it is not an object';
  }
  const { uuid, description, entry, status } = value as Record<string, unknown>;
  if (typeof uuid !== 'string' || uuid === '') return 'cannot take a task without "uuid"';
  if (typeof description !== 'string') return 'cannot take a task without "description"';
  if (stampMs(entry) === null) return 'cannot take a task whose "entry" is no moment';
  if (typeof status !== 'string' || !Object.hasOwn(STATES, status)) {
    return `cannot take a task whose "status" is ${JSON.stringify(status)}`;
  }
  return value as Exported;
}

/**
 * A task, and its occurrences that wait folded into it: the first gives the
 * dates. What has no place in a record, and a person wrote, is in the body.
 * @returns also what is odd about it, in words.
 */
export function recordOf(
  task: Exported,
  occurrences: Exported[],
  names: TaskNames,
  zone: string | undefined,
): { record: TaskRecord; odd: string[] } {
  const lines: string[] = [];
  const entryMs = stampMs(task.entry) ?? 0;
  const state = STATES[task.status];
  const [first = task] = occurrences;
  const taken = new Set([...INTERNAL, ...TAKEN]);
  const keep = (name: string, text: string) => lines.push(`${name}: ${text}`);

  const { title, isWhole } = titleOf(task.description);
  if (!isWhole) lines.push(task.description, '');
  const project = projectOf(task, taken);
  const tags = tagsOf(textsOf(task['tags']));
  if (tags.changed.length === 0) taken.add('tags');
  const attention = ATTENTIONS.get(task['priority']);
  if (attention) taken.add('priority');
  const dates = datesOf(task, occurrences, taken, zone);
  const odd = dates.odd.map((why) => `${why}: it is kept as a line of the body`);
  for (const uuid of dependsOn(task, taken)) keep('depends', nameOf(uuid, names));
  const log = logOf(task, occurrences, state, taken);
  // What is of the day was told apart by the first occurrence.
  const written = { ...task, ...Object.fromEntries(OF_THE_DAY.map((name) => [name, first[name]])) };
  for (const [name, text] of rest(written, taken, zone)) keep(name, text);
  for (const each of occurrences) {
    const when = writtenMoment(stampMs(each['due']) ?? 0, zone).slice(0, 10);
    for (const [name, text] of differences(each, task, zone)) keep(`${name} on ${when}`, text);
  }
  const record: TaskRecord = {
    kind: 'task',
    node_id: idOf(task),
    title,
    created_at: entryMs,
    updated_at: Math.max(entryMs, stampMs(task['modified']) ?? entryMs),
    tags: tags.tags,
    body: lines.map((line) => `${line}\n`).join(''),
    log,
    tombstoned: false,
    state,
    attention: attention ?? 'white',
    do_on: dates.doOn,
    late_from: dates.lateFrom,
    recurrence: dates.recurrence,
    recur_from: 'schedule',
    project_id: null,
    project,
    key: null,
  };
  return { record, odd };
}

function projectOf(task: Exported, taken: Set<string>): string | null {
  const name = task['project'];
  if (typeof name !== 'string' || name.trim() === '') return null;
  const { title, isWhole } = titleOf(name);
  if (isWhole) taken.add('project');
  return title;
}

/** A list since 2.6; before, one text with commas. */
function dependsOn(task: Exported, taken: Set<string>): string[] {
  const { depends } = task;
  if (depends === undefined) return [];
  taken.add('depends');
  const uuids = typeof depends === 'string' ? depends.split(',') : textsOf(depends);
  return uuids.map((uuid) => uuid.trim()).filter((uuid) => uuid !== '');
}

/** A link to it, where it is in the export. */
function nameOf(uuid: string, names: TaskNames): string {
  const task = names.get(uuid);
  return task === undefined ? uuid : `[[${idOf(task)}]] ${titleOf(task.description).title}`;
}

function idOf({ uuid, entry }: Exported): Ulid {
  return importId(`taskwarrior:${uuid}`, stampMs(entry));
}

/** Annotations, and the end; Taskwarrior copies the annotations of a template into its occurrences. */
function logOf(
  task: Exported,
  occurrences: Exported[],
  state: State,
  taken: Set<string>,
): TaskRecord['log'] {
  const said = new Map<string, { at: number; text: string }>();
  for (const { annotations } of [task, ...occurrences]) {
    for (const each of Array.isArray(annotations) ? (annotations as unknown[]) : []) {
      const { entry, description } = (each ?? {}) as Record<string, unknown>;
      const at = stampMs(entry) ?? stampMs(task.entry) ?? 0;
      if (typeof description === 'string')
        said.set(`${at}:${description}`, { at, text: description });
    }
  }
  const endMs = stampMs(task['end']);
  if (state !== 'outstanding' && endMs !== null) {
    taken.add('end');
    const text = `${state === 'done' ? 'Completed' : 'Deleted'} in Taskwarrior.`;
    said.set('end', { at: endMs, text });
  }
  return [...said]
    .map(([key, { at, text }]) => ({
      entry_id: importId(`taskwarrior:${task.uuid}:${key}`, at),
      at,
      text,
    }))
    .toSorted((a, b) => a.at - b.at);
}

/** What an occurrence has otherwise than its template. */
function differences(
  occurrence: Exported,
  template: Exported,
  zone: string | undefined,
): [name: string, text: string][] {
  const passed = new Set([...INTERNAL, ...TAKEN, ...OF_THE_DAY]);
  passed.delete('description');
  const own = rest(occurrence, passed, zone);
  return own.filter(
    ([name]) => JSON.stringify(occurrence[name]) !== JSON.stringify(template[name]),
  );
}

/** Attributes that were not taken, as a person would write them. */
function rest(
  task: Record<string, unknown>,
  taken: Set<string>,
  zone: string | undefined,
): [name: string, text: string][] {
  return Object.entries(task)
    .filter(([name, value]) => !taken.has(name) && value !== undefined)
    .map(([name, value]) => {
      const ms = stampMs(value);
      if (ms !== null) return [name, writtenMoment(ms, zone)];
      if (Array.isArray(value) && textsOf(value).length === value.length) {
        return [name, value.join(', ')];
      }
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
