import type { CommandSpec } from '#cli/command.ts';

/** All of it at once: in, out, and kept safe. */
export const STORE_COMMANDS: readonly CommandSpec[] = [
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
];
