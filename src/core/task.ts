import type { CivilDate } from '#core/dates.ts';
import type { Ulid } from '#core/ids.ts';

export const STATES = ['outstanding', 'done', 'dropped'] as const;
export type State = (typeof STATES)[number];

/** red = now, orange = needs me soon, white = normal, blue = on deck. */
export const ATTENTIONS = ['red', 'orange', 'white', 'blue'] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** What a recurrence counts from: the days it was planned for, or the day it was done. */
export const RECUR_FROM = ['schedule', 'done'] as const;
export type RecurFrom = (typeof RECUR_FROM)[number];

/** What the store knows of a task. Dates are civil: no zone has touched them. */
export interface Task {
  id: Ulid;
  title: string;
  state: State;
  attention: Attention;
  /** Not before this day. */
  doOn: CivilDate | null;
  /** Late from this day. */
  lateFrom: CivilDate | null;
  /** RFC 5545, without what it begins at: that is `doOn`. */
  recurrence: string | null;
  recurFrom: RecurFrom;
  projectId: Ulid | null;
  projectName: string | null;
  projectArchived: boolean;
  key: string | null;
  tags: string[];
  /** Epoch milliseconds. */
  createdAt: number;
  updatedAt: number;
  tombstoned: boolean;
}
