/**
 * Measure, and write docs/explanation/performance.md anew. Every figure that
 * matters is a ratio of two medians of one run. Compared with Taskwarrior
 * where it is installed (`apt-get install taskwarrior`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { openClient } from '#client/open.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { resolvePaths } from '#config/paths.ts';
import { systemClock } from '#node/clock.ts';
import { buildCommit, buildVersion, platform, root, say } from '../scripts/support.ts';
import { figure, race, type Contender, type Figure } from './measure.ts';
import { asTaskwarrior, makeStore, sampleTasks } from './stores.ts';
import { writePage, type SizeResult } from './page.ts';

const SIZES = (process.env['HEPH_BENCH_SIZES'] ?? '100,10000,100000').split(',').map(Number);
const ROUNDS = 40;
const TASKWARRIOR_ROUNDS = 7;

await execa(process.execPath, [`${root}/scripts/package.ts`], {
  cwd: root,
  stdout: 'ignore',
  stderr: 'inherit',
});
const artefact = `${root}/build/heph-${await buildVersion()}-${platform}`;
const hasTaskwarrior = spawnSync('task', ['--version']).status === 0;
if (!hasTaskwarrior) say('no Taskwarrior here: that comparison is left out');
const folder = await mkdtemp(`${tmpdir()}/heph-bench-`);
try {
  const results: SizeResult[] = [];
  for (const size of SIZES) {
    say(`measuring ${size} tasks`);
    results.push(await measure(size));
  }
  const page = writePage(results, {
    commit: await buildCommit(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  });
  await writeFile(`${root}/docs/explanation/performance.md`, page);
  process.stdout.write(page);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(size: number): Promise<SizeResult> {
  const places = { socket: `${folder}/s`, db: `${folder}/${size}.db` };
  const tasks = sampleTasks(size, systemClock(true).today());
  await makeStore(places.db, tasks);
  const started = process.hrtime.bigint();
  const daemon = execa(
    `${artefact}/bin/hephd`,
    ['--socket', places.socket, '--db', places.db, '--config', `${folder}/none.toml`],
    {
      reject: false,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  while ((await greetingOf(socketDialer(places.socket), places.socket)).kind !== 'answers')
    await sleep(1);
  const upMs = Number(process.hrtime.bigint() - started) / 1e6;
  const roundTrips = await timeRoundTrips(places);
  const env = { HEPH_SOCKET: places.socket, HEPH_DB: places.db };
  const heph = (name: string, ...args: string[]): Contender => ({
    name,
    argv: [`${artefact}/bin/heph`, ...args],
    env,
  });
  const figures = race(
    [
      { name: 'empty Node', argv: [`${artefact}/lib/node`, '-e', '0'] },
      { name: 'empty program', argv: ['/bin/true'] },
      heph('heph next', 'next'),
      heph('heph list --project', 'list', '--project', 'Project 7', '--attention', 'red'),
      heph('heph task', 'task', 'One more task', '--project', 'Project 7'),
    ],
    ROUNDS,
  );
  const rssMib = await residentMib(daemon.pid ?? 0);
  daemon.kill('SIGTERM');
  await daemon;
  return {
    size,
    upMs,
    rssMib,
    roundTrips,
    figures,
    taskwarrior: hasTaskwarrior ? await timeTaskwarrior(size, tasks) : null,
  };
}

/** `task.next` over one open connection: what the daemon itself needs, and the socket. */
async function timeRoundTrips(places: {
  socket: string;
  db: string;
}): Promise<{ p50: number; p99: number }> {
  const client = openClient(resolvePaths('/', '/', places));
  const times: number[] = [];
  for (let i = 0; i < 3000; i++) {
    const started = performance.now();
    await client.read('task.next', {});
    if (i >= 1000) times.push(performance.now() - started);
  }
  client.close();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    p50: figure('', times).median,
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
}

/** Proportional to what is this process's alone: resident set of all its threads. */
async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function timeTaskwarrior(
  size: number,
  tasks: Parameters<typeof asTaskwarrior>[0],
): Promise<Figure> {
  const data = `${folder}/tw-${size}`;
  const env = { TASKRC: `${data}.rc`, TASKDATA: data };
  await writeFile(env.TASKRC, `data.location=${data}\nconfirmation=no\nverbose=nothing\ngc=on\n`);
  await writeFile(`${data}.json`, asTaskwarrior(tasks));
  await execa('task', ['import', `${data}.json`], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  const [next] = race(
    [{ name: 'task next', argv: ['task', 'next', 'limit:3'], env }],
    TASKWARRIOR_ROUNDS,
    1,
  );
  if (!next) throw new Error('nothing was measured');
  return next;
}
