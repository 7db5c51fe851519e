import type { CommandSpec, OptionSpec } from '#cli/command.ts';

export const JSON_OPTION: OptionSpec = { name: 'json', summary: 'print one JSON document' };
export const HELP_OPTION: OptionSpec = { name: 'help', short: 'h', summary: 'print this help' };
const DRY_RUN: OptionSpec = {
  name: 'dry-run',
  summary: 'print what would be done, and do nothing',
};

const ID = {
  name: 'ID',
  summary: 'an id, or a unique beginning or end of one (4 characters or more)',
};
const TEXT = 'TEXT|-';
const FIELDS: readonly OptionSpec[] = [
  { name: 'project', value: 'P', summary: 'the project it belongs to, by name or id' },
  { name: 'do-date', value: 'D', summary: 'not before this day: today, +3d, fri, 2026-12-24' },
  { name: 'late-on', value: 'D', summary: 'late from this day' },
  {
    name: 'attention',
    value: 'A',
    summary: 'red (now), orange (soon), white (normal), blue (on deck)',
  },
  { name: 'tag', value: 'T', isMany: true, summary: 'a tag; may be given again' },
  {
    name: 'context',
    value: TEXT,
    summary: 'what there is to know, in markdown; - reads standard input',
  },
  {
    name: 'key',
    value: 'K',
    summary: 'a name of your own: filing it again updates the outstanding task',
  },
];
const KEY = { name: 'KEY', summary: 'its name, as heph config list prints it' };
const config = () => import('#cli/commands/config.ts');
const service = () => import('#cli/commands/daemon.ts');

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    path: ['next'],
    summary: 'Show what is next',
    options: [
      { name: 'number', short: 'n', value: 'N', summary: 'how many (3)' },
      { name: 'explain', summary: 'say for each why it stands there' },
    ],
    examples: ['heph next', 'heph next -n 10 --explain'],
    load: () => import('#cli/commands/next.ts'),
  },
  {
    path: ['list'],
    summary: 'List outstanding tasks',
    options: [
      { name: 'project', value: 'P', summary: 'only this project, by name or id' },
      { name: 'tag', value: 'T', summary: 'only with this tag' },
      { name: 'attention', value: 'A', summary: 'only red, orange, white or blue' },
      { name: 'state', value: 'S', summary: 'only outstanding, done or dropped' },
      { name: 'key', value: 'K', summary: 'only with this key' },
      { name: 'due', summary: 'only with no do-date, or one today or earlier' },
      { name: 'all', summary: "also done, dropped, and archived projects' tasks" },
    ],
    examples: ['heph list --project Home --due', 'heph list --all --json'],
    load: () => import('#cli/commands/list.ts'),
  },
  {
    path: ['task'],
    summary: 'File a task',
    details: 'All of it is filed, or nothing. Prints the id.',
    args: [{ name: 'TITLE', summary: 'what is to be done' }],
    options: FIELDS,
    examples: [
      'heph task "Pay the rent" --project Home --late-on "1 dec" --attention orange',
      'git log -1 | heph task "Review this" --context -',
    ],
    load: () => import('#cli/commands/task.ts'),
  },
  {
    path: ['show'],
    summary: 'Show one task and its context',
    args: [ID],
    examples: ['heph show 7Q2M'],
    load: () => import('#cli/commands/show.ts'),
  },
  {
    path: ['edit'],
    summary: 'Change a task',
    details:
      "What is not named stays as it is. 'none' clears a field. --tag names all the tags it shall have.\nWith nothing named, on a terminal, its context opens in $VISUAL or $EDITOR.",
    args: [ID],
    options: [{ name: 'title', value: TEXT.slice(0, 4), summary: 'a new title' }, ...FIELDS],
    examples: [
      'heph edit 7Q2M --do-date +3d',
      'heph edit 7Q2M --late-on none --tag errand --tag car',
    ],
    load: () => import('#cli/commands/edit.ts'),
  },
  {
    path: ['done'],
    summary: 'Mark tasks done, all or none',
    args: [{ ...ID, isMany: true }],
    examples: ['heph done 7Q2M', 'heph done 7Q2M K1VD'],
    load: () => import('#cli/commands/done.ts'),
  },
  {
    path: ['drop'],
    summary: 'Mark tasks dropped, all or none',
    args: [{ ...ID, isMany: true }],
    examples: ['heph drop 7Q2M'],
    load: () => import('#cli/commands/drop.ts'),
  },
  {
    path: ['context'],
    summary: 'Show or change what there is to know about a task or project',
    args: [ID],
    options: [
      { name: 'append', value: TEXT, summary: 'add at the end, on lines of its own' },
      { name: 'body', value: TEXT, summary: 'replace all of it' },
      { name: 'edit', summary: 'open it in $VISUAL or $EDITOR, on a terminal' },
    ],
    examples: ['heph context 7Q2M', 'heph context 7Q2M --append "called, no answer"'],
    load: () => import('#cli/commands/context.ts'),
  },
  {
    path: ['project', 'list'],
    summary: 'List projects, one "<id> <name>" a line',
    examples: ['heph project list'],
    load: () => import('#cli/commands/project-list.ts'),
  },
  {
    path: ['project', 'add'],
    summary: 'Make a project, unless there is one of that name',
    args: [{ name: 'NAME', summary: 'its name' }],
    examples: ['heph project add "House and garden"'],
    load: () => import('#cli/commands/project-add.ts'),
  },
  {
    path: ['daemon', 'start'],
    summary: 'Have the operating system run hephd, now and at every login',
    options: [DRY_RUN],
    examples: ['heph daemon start'],
    load: service,
  },
  {
    path: ['daemon', 'status'],
    summary: 'Say whether hephd is installed, enabled, running, healthy and current',
    details: 'Exit status: 0 all is well, 1 running but not healthy, 3 not running, 4 cannot tell.',
    examples: ['heph daemon status --json'],
    load: service,
  },
  {
    path: ['daemon', 'restart'],
    summary: 'Bring hephd up to date and start it anew; no request is lost',
    options: [DRY_RUN],
    examples: ['heph daemon restart'],
    load: service,
  },
  {
    path: ['daemon', 'stop'],
    summary: 'Stop hephd until the next login',
    options: [DRY_RUN],
    examples: ['heph daemon stop'],
    load: service,
  },
  {
    path: ['daemon', 'uninstall'],
    summary: 'Stop hephd and do not bring it back; the store stays',
    options: [DRY_RUN],
    examples: ['heph daemon uninstall'],
    load: service,
  },
  {
    path: ['daemon', 'logs'],
    summary: "Show the end of hephd's log",
    details:
      'Only reads files, older logs too where it takes them. No log yet is no error.\n-f goes on until Ctrl-C, which ends it by SIGINT (130 in a shell), or until a line comes that\nnobody reads any more (0).',
    options: [
      { name: 'lines', short: 'n', value: 'N', summary: 'how many of the last lines (20)' },
      { name: 'follow', short: 'f', summary: 'go on with what is appended' },
    ],
    examples: ['heph daemon logs -n 100', 'heph daemon logs -f'],
    load: () => import('#cli/commands/daemon-logs.ts'),
  },
  {
    path: ['config', 'list'],
    summary: 'List every setting, its value, and whether it is the default',
    examples: ['heph config list'],
    load: config,
  },
  {
    path: ['config', 'get'],
    summary: 'Print the value of a setting',
    args: [KEY],
    examples: ['heph config get log.level'],
    load: config,
  },
  {
    path: ['config', 'set'],
    summary: 'Set a setting, and leave the rest of the file as it is',
    details: 'hephd reads its settings when it starts, and this says when a restart is needed.',
    args: [KEY, { name: 'VALUE', summary: 'a word, or a whole number' }],
    examples: ['heph config set log.level debug'],
    load: config,
  },
  {
    path: ['config', 'unset'],
    summary: 'Take a setting out of the file: the default holds again',
    args: [KEY],
    examples: ['heph config unset log.level'],
    load: config,
  },
  {
    path: ['doctor'],
    summary: 'Look at all that can be wrong with heph, and say what mends it',
    details: 'Changes nothing. Exit status: 0 all is well, 1 something is not.',
    examples: ['heph doctor', 'heph doctor --json'],
    load: () => import('#cli/commands/doctor.ts'),
  },
];
