import { readFile } from 'node:fs/promises';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import type { Params } from '#protocol/methods.ts';
import { root } from './support.ts';

interface Sample {
  projects: string[];
  tasks: Omit<Params<'task.add'>, 'short_ids'>[];
}

/** File the sample store through the daemon on a socket, as any client would. */
export async function seed(socket: string, db: string): Promise<void> {
  const sample = JSON.parse(await readFile(`${root}/fixtures/sample-store.json`, 'utf8')) as Sample;
  const client = openClient(resolvePaths('/', root, { socket, db }));
  try {
    for (const name of sample.projects) await client.change('project.add', { name });
    for (const task of sample.tasks) await client.change('task.add', task);
  } finally {
    client.close();
  }
}
