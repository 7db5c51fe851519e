/**
 * Run the working tree's hephd on `.dev/`, beside an installed one and apart
 * from it: restarted on every change of a source file, with a sample store on
 * first use.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { seed } from './seed.ts';
import { root, say } from './support.ts';
import { environment, startDaemon } from './working-tree-daemon.ts';

const places = { socket: `${root}/.dev/hephd.sock`, db: `${root}/.dev/heph.db` };
const variables = Object.entries(environment(places)).map(
  ([name, path]) => `${name}="${path.replace(root, '$PWD')}"`,
);
const isFirst = !existsSync(places.db);
await mkdir(`${root}/.dev`, { recursive: true, mode: 0o700 });
const daemon = await startDaemon(places, { watch: true });
if (isFirst) await seed(places.socket, places.db);
say('');
say(
  'hephd of this tree answers on .dev/hephd.sock and starts anew on every change. In another terminal:',
);
say(`  export ${variables.join(' ')}`);
say('  node src/bin/heph.ts next');
say('Ctrl-C ends it.');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => daemon.stop());
await daemon.ended;
