import type { CommandSpec } from '#cli/command.ts';
import { SHELLS } from '#cli/specs/words.ts';

/** All of it at once: in, out, and kept safe. */
export const STORE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['import'],
    summary: 'Take in tasks and notes of another program, or an export of heph',
    details:
      'All or nothing, as one change: heph undo takes it back. What cannot be read is named with its place\nand left out. The same thing again makes nothing twice; what you changed in heph since, on what came\nfrom there, becomes what the file says again. FORMAT is one of heph, taskwarrior, todotxt, obsidian\n(zk as well).',
    args: [
      {
        name: 'FORMAT',
        summary: 'heph, taskwarrior, todotxt or obsidian',
        completes: ['heph', 'taskwarrior', 'todotxt', 'obsidian'],
      },
      { name: 'PATH|-', summary: 'a file, a folder, or - for standard input', completes: 'file' },
    ],
    options: [
      { name: 'dry-run', summary: 'only say what would be taken in' },
      { name: 'keep', summary: 'take in as it comes: what is in stays, if the rest cannot be' },
    ],
    examples: [
      'task export | heph import taskwarrior -',
      'heph import obsidian ~/notes',
      'heph import heph backup.json',
    ],
    load: () => import('#cli/commands/import.ts'),
  },
  {
    path: ['export'],
    summary: 'Write all tasks and notes to a file or folder',
    details:
      'JSON goes to a file, or to standard output when no PATH is named; markdown needs a folder, new or\nempty. heph import heph reads both.',
    args: [{ name: 'PATH', summary: 'where to', isOptional: true, completes: 'file' }],
    options: [
      {
        name: 'format',
        value: 'F',
        summary: 'json (the default) or markdown',
        completes: ['json', 'markdown'],
      },
    ],
    examples: ['heph export all.json', 'heph export --format markdown ~/heph-notes'],
    load: () => import('#cli/commands/export.ts'),
  },
  {
    path: ['backup'],
    summary: 'Copy the store while it is used',
    details:
      'The copy is checked. Without PATH it goes to the folder of backups, beside the store, where hephd\nputs one each day. A file that is there is not replaced.',
    args: [{ name: 'PATH', summary: 'where to', isOptional: true, completes: 'file' }],
    examples: ['heph backup', 'heph backup /mnt/usb/heph.db'],
    load: () => import('#cli/commands/backup.ts'),
  },
  {
    path: ['restore'],
    summary: 'Put a backup in place of the store',
    details: 'It is checked first. The store that was there is kept, and this says where.',
    args: [{ name: 'PATH', summary: 'a backup', completes: 'file' }],
    examples: ['heph restore /mnt/usb/heph.db'],
    load: () => import('#cli/commands/restore.ts'),
  },
  {
    path: ['completion'],
    summary: 'Print what has a shell complete commands, ids, projects and tags',
    details:
      'install.sh has put it where bash and fish look. Without it, have the shell read it at its start:\nthe examples are lines for ~/.bashrc, ~/.zshrc (after compinit) and config.fish.',
    args: [{ name: 'SHELL', summary: 'bash, zsh or fish', completes: SHELLS }],
    examples: [
      'source <(heph completion bash)',
      'source <(heph completion zsh)',
      'heph completion fish | source',
    ],
    load: () => import('#cli/commands/completion.ts'),
  },
];

/** For programs of our own: in no help, and on no page. */
export const HIDDEN_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['complete-words'],
    summary: 'Print what may be offered for a word that was begun, "<word><tab><hint>" a line',
    details: 'Prints nothing, and is no failure, when hephd does not answer at once.',
    args: [
      { name: 'KIND', summary: 'task, doc, project, tag or key' },
      { name: 'PREFIX', summary: 'how the word begins', isOptional: true },
    ],
    load: () => import('#cli/commands/complete-words.ts'),
  },
];
