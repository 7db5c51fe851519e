/** The main job, apart from anything installed: a daemon, the sample store, and `heph next` answering. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { seed } from './seed.ts';
import { root, say } from './support.ts';
import { environment, startDaemon } from './working-tree-daemon.ts';

const folder = await mkdtemp(`${tmpdir()}/heph-`);
const places = { socket: `${folder}/hephd.sock`, db: `${folder}/heph.db` };
try {
  const daemon = await startDaemon(places, { watch: false });
  await seed(places.socket, places.db);
  say(`hephd answers on ${places.socket}, with the sample store`);
  await heph('next', '-n', '3', '--explain');
  await heph('list', '--project', 'Allotment');
  await heph('task', 'Try heph', '--attention', 'red');
  await heph('next', '-n', '3');
  daemon.stop();
  await daemon.ended;
  say(
    '\nhephd has stopped, and its folder is removed. To have it for good: docs/how-to/install-heph.md',
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function heph(...args: string[]): Promise<void> {
  const words = args.map((word) => (/^[\w-]+$/.test(word) ? word : JSON.stringify(word)));
  process.stdout.write(`\n$ heph ${words.join(' ')}\n`);
  await execa(process.execPath, [`${root}/src/bin/heph.ts`, ...args], {
    env: environment(places),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
