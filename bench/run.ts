/**
 * Measure, and write docs/explanation/performance.md and its pictures anew. Every figure that
 * matters is a ratio of two medians of one run. Compared with Taskwarrior and
 * todo.txt where they are installed (`apt-get install taskwarrior todotxt-cli`).
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { openClient } from '#client/open.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { resolvePaths } from '#config/paths.ts';
import { buildCommit, buildVersion, platform, root, say } from '../scripts/support.ts';
import { largeChanges } from './large.ts';
import { underLoad } from './load.ts';
import { race, waitsOf, type Contender, type Waits } from './measure.ts';
import { CELLS, peersWith, type Cell } from './peers.ts';
import { publish } from './publish.ts';
import type { PeerResult, SizeResult } from './result.ts';
import { makeStore } from './stores.ts';

const SIZES = (process.env['HEPH_BENCH_SIZES'] ?? '100,1000,10000,100000,1000000')
  .split(',')
  .map(Number);
/** The store that fifty clients ask at once, and that much is imported into. */
const LOAD_SIZE = 100_000;
/** Beyond this heph is alone. */
const PEERS_MAX = 100_000;
const ROUNDS = 30;
const PEER_ROUNDS = 5;

interface Places {
  socket: string;
  db: string;
}

await execa(process.execPath, [`${root}/scripts/package.ts`], {
  cwd: root,
  stdout: 'ignore',
  stderr: 'inherit',
});
const artefact = `${root}/build/heph-${await buildVersion()}-${platform}`;
const folder = await mkdtemp(`${tmpdir()}/heph-bench-`);
try {
  const results: SizeResult[] = [];
  for (const size of SIZES) {
    say(`measuring ${size} tasks`);
    results.push(await measure(size));
  }
  const page = await publish(results, {
    commit: await buildCommit(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  });
  process.stdout.write(page);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(size: number): Promise<SizeResult> {
  const places = { socket: `${folder}/s`, db: `${folder}/${size}.db` };
  const open = await makeStore(places.db, size);
  const started = process.hrtime.bigint();
  const daemon = execa(
    `${artefact}/bin/hephd`,
    ['--socket', places.socket, '--db', places.db, '--config', `${folder}/none.toml`],
    { reject: false, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  while ((await greetingOf(socketDialer(places.socket), places.socket)).kind !== 'answers')
    await sleep(1);
  const upMs = Number(process.hrtime.bigint() - started) / 1e6;
  const roundTrips = await timeRoundTrips(places, 'alone');
  const beside = await timeRoundTrips(places, 'beside a long question');
  const rssMib = await residentMib(daemon.pid ?? 0);
  const asked = askHeph(places, open);
  const figures = race(
    [
      { name: 'empty Node', argv: [`${artefact}/lib/node`, '-e', '0'] },
      { name: 'empty program', argv: ['/bin/true'] },
      ...CELLS.map((cell) => ({ ...asked[cell], name: cell })),
    ],
    ROUNDS,
  );
  const rssAfterMib = await residentMib(daemon.pid ?? 0);
  const load =
    size === LOAD_SIZE ? await underLoad(places, () => residentMib(daemon.pid ?? 0)) : null;
  const heph = (...args: string[]) =>
    execa(`${artefact}/bin/heph`, args, { env: envOf(places), stdout: 'ignore' });
  const large = size === LOAD_SIZE ? await largeChanges(places, folder, heph) : null;
  daemon.kill('SIGTERM');
  await daemon;
  const peers = size > PEERS_MAX ? [] : await measurePeers(size);
  return { size, upMs, rssMib, rssAfterMib, roundTrips, beside, figures, load, large, peers };
}

function askHeph(places: Places, open: string[]): Record<Cell, Contender> {
  const env = envOf(places);
  const heph = (...args: string[]) => ({ name: '', argv: [`${artefact}/bin/heph`, ...args], env });
  return {
    add: heph('task', 'One more task', '--project', 'Project 7'),
    next: heph('next'),
    'list by project': heph('list', '--project', 'Project 7'),
    search: heph('search', 'heron'),
    done: { ...heph(), argv: () => [`${artefact}/bin/heph`, 'done', open.pop() ?? ''] },
  };
}

function envOf({ socket, db }: Places): Record<string, string> {
  return { HEPH_SOCKET: socket, HEPH_DB: db };
}

async function measurePeers(size: number): Promise<PeerResult[]> {
  const results = [];
  for (const { name, ask } of await peersWith(size, folder)) {
    const contenders = CELLS.map((cell) => ({ ...ask[cell], name: cell }));
    results.push({ name, figures: race(contenders, PEER_ROUNDS, 1) });
  }
  return results;
}

/** `task.next` over one open connection: what the daemon itself needs, and the socket. */
async function timeRoundTrips(
  places: Places,
  how: 'alone' | 'beside a long question',
): Promise<Waits> {
  const client = openClient(resolvePaths('/', '/', places));
  const other = openClient(resolvePaths('/', '/', places));
  const enough = new AbortController();
  if (how === 'alone') enough.abort();
  const long = (async () => {
    while (!enough.signal.aborted)
      await other.read('task.list', { grep: 'no such words' }).catch(() => null);
  })();
  const times: number[] = [];
  for (let i = 0; i < 3000; i++) {
    const started = performance.now();
    await client.read('task.next', {});
    if (i >= 1000) times.push(performance.now() - started);
  }
  enough.abort();
  await long;
  client.close();
  other.close();
  return waitsOf(times);
}

/** Of all its threads, in MiB. */
async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}
