import type { CommandSpec } from '#cli/command.ts';
import { BODY_OPTIONS, ID, PROJECT, TASK_FIELDS } from '#cli/specs/words.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';

/** What is to be done, and the projects it belongs to. */
export const TASK_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['next'],
    summary: 'Show what is next',
    options: [
      { name: 'number', short: 'n', value: 'N', summary: 'how many (10)' },
      { name: 'explain', summary: 'say for each why it stands there' },
    ],
    examples: ['heph next', 'heph next -n 3 --explain'],
    load: () => import('#cli/commands/next.ts'),
  },
  {
    path: ['list'],
    summary: 'List outstanding tasks',
    options: [
      {
        name: 'project',
        value: 'P',
        summary: 'only this project, by name or id',
        completes: 'project',
      },
      { name: 'tag', value: 'T', summary: 'only with this tag', completes: 'tag' },
      {
        name: 'attention',
        value: 'A',
        summary: 'only red, orange, white or blue',
        completes: ATTENTIONS,
      },
      {
        name: 'state',
        value: 'S',
        summary: 'only outstanding, done or dropped',
        completes: STATES,
      },
      { name: 'key', value: 'K', summary: 'only with this key', completes: 'key' },
      {
        name: 'grep',
        value: 'RE',
        summary: 'only where title, context or log match, in any letter case',
      },
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
    options: TASK_FIELDS,
    examples: [
      'heph task "Pay the rent" --project Home --late-on "1 dec" --attention orange',
      'heph task "Water the plants" --recur "every 3 days" --recur-from done',
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
      "What is not named stays as it is. 'none' clears a field; a recurring task whose only date is\ncleared gets another, as it always has a day. --tag names all the tags it shall have. With nothing\nnamed, on a terminal, its context opens in $VISUAL or $EDITOR.",
    args: [ID],
    options: [{ name: 'title', value: 'TEXT', summary: 'a new title' }, ...TASK_FIELDS],
    examples: [
      'heph edit 7Q2M --do-date +3d',
      'heph edit 7Q2M --late-on none --tag errand --tag car',
    ],
    load: () => import('#cli/commands/edit.ts'),
  },
  {
    path: ['done'],
    summary: 'Mark tasks done, all or none',
    details: 'A recurring task comes again: its dates move on, and it stays outstanding.',
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
    path: ['skip'],
    summary: 'Let this occurrence of recurring tasks pass, all or none',
    args: [{ ...ID, isMany: true }],
    examples: ['heph skip 7Q2M'],
    load: () => import('#cli/commands/skip.ts'),
  },
  {
    path: ['delete'],
    summary: 'Delete tasks, documents or projects, all or none',
    details: 'heph undo brings them back. The tasks of a deleted project have none.',
    args: [{ ...ID, isMany: true }],
    examples: ['heph delete 7Q2M'],
    load: () => import('#cli/commands/delete.ts'),
  },
  {
    path: ['context'],
    summary: 'Show or change what there is to know about a task, or any node',
    args: [ID],
    options: BODY_OPTIONS,
    examples: ['heph context 7Q2M', 'heph context 7Q2M --append "called, no answer"'],
    load: () => import('#cli/commands/context.ts'),
  },
  {
    path: ['log'],
    summary: 'Show what was noted on a task, or note something',
    args: [
      ID,
      { name: 'TEXT|-', summary: 'what to note; - reads standard input', isOptional: true },
    ],
    examples: ['heph log 7Q2M', 'heph log 7Q2M "called, no answer"'],
    load: () => import('#cli/commands/log.ts'),
  },
  {
    path: ['wait'],
    summary: 'Wait until a task is in a state',
    details:
      'Goes on through restarts of hephd. Exit status: 0 it is, 1 the time is over (code timeout).',
    args: [ID],
    options: [
      {
        name: 'state',
        value: 'S,...',
        summary: 'any of these (done,dropped)',
        completes: ['done', 'dropped', 'done,dropped', 'outstanding'],
      },
      { name: 'timeout', value: 'T', summary: 'give up after 90s, 10m, 2h or 1d (never)' },
    ],
    examples: ['heph wait 7Q2M --state done,dropped --timeout 10m'],
    load: () => import('#cli/commands/wait.ts'),
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
    path: ['project', 'rename'],
    summary: 'Give a project another name; links to it keep leading to it',
    args: [PROJECT, { name: 'NEW', summary: 'its new name' }],
    examples: ['heph project rename Home "House and garden"'],
    load: () => import('#cli/commands/project-rename.ts'),
  },
  {
    path: ['project', 'archive'],
    summary: 'Put a project away, and its tasks with it',
    args: [PROJECT],
    options: [{ name: 'undo', summary: 'bring it back' }],
    examples: ['heph project archive Home', 'heph project archive Home --undo'],
    load: () => import('#cli/commands/project-archive.ts'),
  },
  {
    path: ['tag', 'list'],
    summary: 'List all tags, and how many outstanding tasks have each',
    examples: ['heph tag list'],
    load: () => import('#cli/commands/tag-list.ts'),
  },
  {
    path: ['tag', 'add'],
    summary: 'Give a task, or any node, tags',
    args: [ID, { name: 'TAG', summary: 'a word', isMany: true, completes: 'tag' }],
    examples: ['heph tag add 7Q2M errand car'],
    load: () => import('#cli/commands/tag-change.ts'),
  },
  {
    path: ['tag', 'remove'],
    summary: 'Take tags from a task, or any node',
    args: [ID, { name: 'TAG', summary: 'a tag it has', isMany: true, completes: 'tag' }],
    examples: ['heph tag remove 7Q2M car'],
    load: () => import('#cli/commands/tag-change.ts'),
  },
];
