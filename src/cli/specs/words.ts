import type { ArgumentSpec, CommandSpec, OptionSpec } from '#cli/command.ts';
import { ATTENTIONS } from '#core/task.ts';

/** Arguments and options that several commands have. */
export const ID: ArgumentSpec = {
  name: 'ID',
  summary: 'an id, or a unique beginning or end of one (4 characters or more)',
  completes: 'task',
};
export const DOC: ArgumentSpec = {
  name: 'ID',
  summary: 'its title, or an id as elsewhere',
  completes: 'doc',
};
export const PROJECT: ArgumentSpec = {
  name: 'ID',
  summary: 'its name, or an id as elsewhere',
  completes: 'project',
};

/** A few of the words for a day. */
const DAYS = ['today', 'tomorrow', 'monday', '+1w', '+1m'];

/** What takes a text takes `-` as well: all of standard input. */
export const TEXT = 'TEXT|-';

export const LIMIT: OptionSpec = {
  name: 'number',
  short: 'n',
  value: 'N',
  summary: 'how many (20)',
};

export const BODY_OPTIONS: readonly OptionSpec[] = [
  { name: 'append', value: TEXT, summary: 'add at the end, on lines of its own' },
  { name: 'body', value: TEXT, summary: 'replace all of it' },
  { name: 'edit', summary: 'open it in $VISUAL or $EDITOR, on a terminal' },
];

/** What a task can be given. */
export const TASK_FIELDS: readonly OptionSpec[] = [
  {
    name: 'project',
    value: 'P',
    summary: 'the project it belongs to, by name or id',
    completes: 'project',
  },
  {
    name: 'do-date',
    value: 'D',
    summary: 'not before this day: today, +3d, fri, 2026-12-24',
    completes: DAYS,
  },
  { name: 'late-on', value: 'D', summary: 'late from this day', completes: DAYS },
  {
    name: 'recur',
    value: 'R',
    summary: 'how it comes again: daily, weekdays, "every 3 days", or an RRULE',
    completes: ['daily', 'weekdays', 'weekly', 'monthly', 'yearly', 'none'],
  },
  {
    name: 'recur-from',
    value: 'W',
    summary: 'what the next date is counted from: schedule, or done',
    completes: ['schedule', 'done'],
  },
  {
    name: 'attention',
    value: 'A',
    summary: 'red (now), orange (soon), white (normal), blue (on deck)',
    completes: ATTENTIONS,
  },
  { name: 'tag', value: 'T', isMany: true, summary: 'a tag; may be given again', completes: 'tag' },
  {
    name: 'context',
    value: TEXT,
    summary: 'what there is to know, in markdown; - reads standard input',
  },
  {
    name: 'key',
    value: 'K',
    summary: 'a name of your own: filing it again updates the outstanding task',
    completes: 'key',
  },
];

/** Whose completions there are. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The options of a command: its own, and those of every command. */
export function optionsOf(command: CommandSpec): OptionSpec[] {
  return [
    ...(command.options ?? []),
    { name: 'json', summary: 'print one JSON document' },
    { name: 'help', short: 'h', summary: 'print this help' },
  ];
}
