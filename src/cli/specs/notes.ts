import type { CommandSpec } from '#cli/command.ts';
import { BODY_OPTIONS, DOC, ID, LIMIT, TEXT } from '#cli/specs/words.ts';

/** What is known: documents, the journal, links, and the search over all of it. */
export const NOTE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['search'],
    summary: 'Find words in titles, contexts, documents and logs',
    details:
      'All words must be there, in any order and letter case. "a phrase" keeps them together, begin* is\nthe beginning of a word, -word must not be there.',
    args: [{ name: 'QUERY', summary: 'what to look for', isMany: true, mayBeDashed: true }],
    options: [LIMIT],
    examples: [
      'heph search boiler',
      'heph search key -garage',
      'heph search \'"spare key"\'',
      'heph search gard*',
    ],
    load: () => import('#cli/commands/search.ts'),
  },
  {
    path: ['doc', 'list'],
    summary: 'List documents, the last changed first',
    examples: ['heph doc list'],
    load: () => import('#cli/commands/doc-list.ts'),
  },
  {
    path: ['doc', 'new'],
    summary: 'Write a document',
    args: [{ name: 'TITLE', summary: 'what it is called, and linked to by: [[TITLE]]' }],
    options: [{ name: 'body', value: TEXT, summary: 'its text, in markdown' }],
    examples: ['heph doc new "Boiler" --body "Serviced by [[Jo]] each autumn"'],
    load: () => import('#cli/commands/doc-new.ts'),
  },
  {
    path: ['doc', 'show'],
    summary: 'Show a document',
    args: [DOC],
    examples: ['heph doc show Boiler'],
    load: () => import('#cli/commands/doc-show.ts'),
  },
  {
    path: ['doc', 'edit'],
    summary: 'Change a document',
    details: 'With nothing named, on a terminal, it opens in $VISUAL or $EDITOR.',
    args: [DOC],
    options: BODY_OPTIONS,
    examples: ['heph doc edit Boiler --append "Pressure: 1.5 bar"'],
    load: () => import('#cli/commands/doc-edit.ts'),
  },
  {
    path: ['doc', 'rename'],
    summary: 'Give a document another title; links to it keep leading to it',
    args: [DOC, { name: 'TITLE', summary: 'its new title' }],
    examples: ['heph doc rename Boiler "The boiler"'],
    load: () => import('#cli/commands/doc-rename.ts'),
  },
  {
    path: ['journal'],
    summary: 'Show or write the page of a day',
    args: [
      {
        name: 'DATE',
        summary: 'a day, as in dates elsewhere (today)',
        isOptional: true,
        completes: ['today', 'yesterday'],
      },
    ],
    options: BODY_OPTIONS,
    examples: ['heph journal', 'heph journal --append "Talked to Jo"', 'heph journal yesterday'],
    load: () => import('#cli/commands/journal.ts'),
  },
  {
    path: ['links'],
    summary: 'List where the links of a document, or any node, lead',
    args: [DOC],
    examples: ['heph links Boiler'],
    load: () => import('#cli/commands/links.ts'),
  },
  {
    path: ['backlinks'],
    summary: 'List what links to a document, or any node',
    args: [DOC],
    examples: ['heph backlinks Boiler'],
    load: () => import('#cli/commands/backlinks.ts'),
  },
  {
    path: ['undo'],
    summary: 'Take back the newest change made on this device; again, the one before',
    details: 'One command is one change. What was taken back stays in the history.',
    examples: ['heph undo'],
    load: () => import('#cli/commands/undo.ts'),
  },
  {
    path: ['history'],
    summary: 'Show what was changed, and when, the newest first',
    args: [{ ...ID, isOptional: true }],
    options: [LIMIT],
    examples: ['heph history', 'heph history 7Q2M'],
    load: () => import('#cli/commands/history.ts'),
  },
  {
    path: ['watch'],
    summary: 'Print every change as it is made, one JSON object a line',
    details:
      'Goes on until Ctrl-C, and through restarts of hephd. Each line has a seq: --since with it goes on\nwhere you stopped, and nothing is left out.',
    options: [{ name: 'since', value: 'SEQ', summary: 'begin after this seq (now)' }],
    examples: ['heph watch', 'heph watch --since 1204'],
    load: () => import('#cli/commands/watch.ts'),
  },
];
