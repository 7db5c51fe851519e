import type { CommandSpec, OptionSpec } from '#cli/command.ts';
import { NOTE_COMMANDS } from '#cli/specs/notes.ts';
import { SERVICE_COMMANDS } from '#cli/specs/service.ts';
import { STORE_COMMANDS } from '#cli/specs/store.ts';
import { TASK_COMMANDS } from '#cli/specs/tasks.ts';

export const JSON_OPTION: OptionSpec = { name: 'json', summary: 'print one JSON document' };
export const HELP_OPTION: OptionSpec = { name: 'help', short: 'h', summary: 'print this help' };

/** Every command, in the order of the help, by what it is about. */
export const COMMAND_GROUPS: readonly { title: string; commands: readonly CommandSpec[] }[] = [
  { title: 'Tasks', commands: TASK_COMMANDS },
  { title: 'Notes and history', commands: NOTE_COMMANDS },
  { title: 'All of it', commands: STORE_COMMANDS },
  { title: 'The daemon', commands: SERVICE_COMMANDS },
];

export const COMMANDS: readonly CommandSpec[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
