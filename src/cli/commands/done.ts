import { closing } from '#cli/close.ts';

export const run = closing('task.done', 'done');
