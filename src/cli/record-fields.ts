import { NODE_KINDS, type NodeKind } from '#core/node.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** What a field may hold, in words for who wrote something else. */
interface Shape {
  is: (value: unknown) => boolean;
  words: string;
}

type FieldsOf<K extends NodeKind> = Record<
  Exclude<keyof Extract<NodeRecord, { kind: K }>, 'kind'>,
  Shape
>;

const text: Shape = { is: (value) => typeof value === 'string', words: 'a text' };
const flag: Shape = { is: (value) => typeof value === 'boolean', words: 'true or false' };
const moment: Shape = {
  is: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  words: 'a moment',
};
const day: Shape = matching(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-12-24');
const ulid: Shape = matching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'a ULID');
const tags: Shape = {
  is: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  words: 'a list of texts',
};
const log: Shape = {
  is: (value) => Array.isArray(value) && value.every(isLogEntry),
  words: 'a list of entry_id, at and text',
};

const common = {
  node_id: ulid,
  title: text,
  created_at: moment,
  updated_at: moment,
  tags,
  body: text,
  log,
  tombstoned: flag,
};

/**
 * The fields of a record but for its kind, in the order in which an export
 * writes them. The same as the schema of the protocol, which the client does
 * not load; a test holds the two together.
 */
export const RECORD_FIELDS: { [K in NodeKind]: FieldsOf<K> } = {
  task: {
    ...common,
    state: oneOf(STATES),
    attention: oneOf(ATTENTIONS),
    do_on: orNull(day),
    late_from: orNull(day),
    recurrence: orNull(text),
    recur_from: oneOf(['schedule', 'done']),
    project_id: orNull(ulid),
    project: orNull(text),
    key: orNull(text),
  },
  project: { ...common, archived: flag },
  doc: common,
  journal: { ...common, day },
};

/** A value as a record, or why it is none. */
export function asRecord(value: unknown): NodeRecord | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'cannot take this as a node: it is not an object';
  }
  const given = value as Record<string, unknown>;
  const kind = NODE_KINDS.find((each) => each === given['kind']);
  if (kind === undefined) {
    return `cannot take a node of the kind ${shown(given['kind'])}: heph has ${NODE_KINDS.join(', ')}`;
  }
  const fields: Record<string, Shape> = RECORD_FIELDS[kind];
  for (const [field, { is, words }] of Object.entries(fields)) {
    if (!Object.hasOwn(given, field)) return `cannot take a ${kind} without "${field}"`;
    if (!is(given[field])) {
      return `cannot take ${shown(given[field])} as "${field}" of a ${kind}: it must be ${words}`;
    }
  }
  const odd = Object.keys(given).find((field) => field !== 'kind' && !Object.hasOwn(fields, field));
  if (odd !== undefined) return `cannot take "${odd}" of a ${kind}: heph knows no such field`;
  return value as NodeRecord;
}

function isLogEntry(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false;
  const entry = value as Record<string, unknown>;
  return ulid.is(entry['entry_id']) && moment.is(entry['at']) && text.is(entry['text']);
}

function matching(pattern: RegExp, words: string): Shape {
  return { is: (value) => typeof value === 'string' && pattern.test(value), words };
}

function oneOf(words: readonly string[]): Shape {
  return { is: (value) => words.includes(value as string), words: `one of ${words.join(', ')}` };
}

function orNull({ is, words }: Shape): Shape {
  return { is: (value) => value === null || is(value), words: `${words}, or null` };
}

/** The beginning of it, as JSON. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 60 ? `${json.slice(0, 59)}…` : json;
}
