import type { CivilDate } from '#core/dates.ts';
import type { Ulid } from '#core/ids.ts';

export const STATES = ['outstanding', 'done', 'dropped'] as const;
export type State = (typeof STATES)[number];

/** red = now, orange = needs me soon, white = normal, blue = on deck. */
export const ATTENTIONS = ['red', 'orange', 'white', 'blue'] as const;
export type Attention = (typeof ATTENTIONS)[number];

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
  recurrence: string | null;
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
