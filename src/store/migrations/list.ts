import { sql as tasks } from '#store/migrations/0001-tasks.ts';
import { sql as notes } from '#store/migrations/0002-notes.ts';
import { sql as index } from '#store/migrations/0003-index.ts';

/** In order; `user_version` counts how many have run. Append only. */
export const MIGRATIONS: readonly string[] = [tasks, notes, index];

/** The schema this program writes. A store with a higher one is from a newer program. */
export const SCHEMA = MIGRATIONS.length;
