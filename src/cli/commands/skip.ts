import { closing } from '#cli/close.ts';

export const run = closing('task.skip', 'skipped');
