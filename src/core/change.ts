import type { CivilDate } from '#core/dates.ts';
import type { Ulid } from '#core/ids.ts';
import type { NodeKind } from '#core/node.ts';
import type { Attention, RecurFrom, State } from '#core/task.ts';

/**
 * One entry of the change log: a node, one of its fields, the new value. Every
 * mutation is a list of these, and the tables are only ever written by applying
 * them, so the log can rebuild the store.
 *
 * A tag is a field of its own (`tag:home`), so that two edits of tags merge, and
 * so is an entry of a node's log (`log:` and the entry's id); null takes it away,
 * which only `undo` does. `updated` is for what came in with a time of its own.
 */
export type Change =
  | { node: Ulid; field: 'created'; value: { kind: NodeKind; at_ms: number } }
  | { node: Ulid; field: 'title'; value: string }
  | { node: Ulid; field: 'body'; value: string }
  | { node: Ulid; field: 'tombstoned' | 'archived'; value: boolean }
  | { node: Ulid; field: 'state'; value: State }
  | { node: Ulid; field: 'attention'; value: Attention }
  | { node: Ulid; field: 'do_on' | 'late_from'; value: CivilDate | null }
  | { node: Ulid; field: 'project'; value: Ulid | null }
  | { node: Ulid; field: 'recurrence' | 'key'; value: string | null }
  | { node: Ulid; field: 'recur_from'; value: RecurFrom }
  | { node: Ulid; field: 'day'; value: CivilDate }
  | { node: Ulid; field: 'updated'; value: number }
  | { node: Ulid; field: `tag:${string}`; value: boolean }
  | { node: Ulid; field: `log:${Ulid}`; value: LogEntry | null };

/** What was noted on a node, and when; epoch milliseconds. */
export interface LogEntry {
  at_ms: number;
  text: string;
}
