import type { CommandSpec } from '#cli/command.ts';
import { NOTE_COMMANDS } from '#cli/specs/notes.ts';
import { SERVICE_COMMANDS } from '#cli/specs/service.ts';
import { HIDDEN_COMMANDS, STORE_COMMANDS } from '#cli/specs/store.ts';
import { TASK_COMMANDS } from '#cli/specs/tasks.ts';

/** Every command, in the order of the help, by what it is about. */
export const COMMAND_GROUPS: readonly { title: string; commands: readonly CommandSpec[] }[] = [
  { title: 'Tasks', commands: TASK_COMMANDS },
  { title: 'Notes and history', commands: NOTE_COMMANDS },
  { title: 'All of it', commands: STORE_COMMANDS },
  { title: 'The daemon', commands: SERVICE_COMMANDS },
];

export const COMMANDS: readonly CommandSpec[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);

/** Every command that can be run. */
export const RUNNABLE: readonly CommandSpec[] = [...COMMANDS, ...HIDDEN_COMMANDS];
