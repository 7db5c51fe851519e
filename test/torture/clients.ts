import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';

const HELLO = '{"jsonrpc":"2.0","method":"hello","params":{"protocol":1,"version":"torture"}}\n';
const IDLE = 1000;
const RUDE = 60;
/**
 * What a daemon may have at the end, however many rounds there were: V8's heaps,
 * the workers' and the allocator's keep what they once had, and then grow no more.
 */
const MIB_MAX = 600;
const PATIENCE_MS = 20_000;

export const clients: Trial = {
  name: 'clients',
  claim:
    'clients that idle, dribble, hang up or never read hold nobody up, and leave nothing behind',
  isForLinux: false,
  run: rude,
};

async function rude(random: Random, folder: string, scale: number): Promise<Counts> {
  await using daemon = await startDaemon({ folder });
  const polite = openClient(resolvePaths('/', '/', daemon));
  const counts = { idle: IDLE, rude: 0, watched: 0, mostMib: 0 };
  await oneRound(daemon, polite, random, counts);
  const before = await settled(daemon);
  for (let round = 0; round < 6 * scale; round++) await oneRound(daemon, polite, random, counts);
  const after = await settled(daemon);
  counts.mostMib = after.mib;
  polite.close();
  const problems: string[] = [];
  if (after.descriptors > before.descriptors)
    problems.push(`descriptors: ${before.descriptors} before, ${after.descriptors} after`);
  if (after.mib > MIB_MAX) problems.push(`memory: ${before.mib} MiB before, ${after.mib} after`);
  expectNone(problems);
  const { code, stderr } = await daemon.kill('SIGTERM');
  if (code !== 0) expectNone([`it ended with ${code}: ${stderr}`]);
  return counts;
}

async function oneRound(
  daemon: Daemon,
  polite: ReturnType<typeof openClient>,
  random: Random,
  counts: { idle: number; rude: number; watched: number },
): Promise<void> {
  const { socket } = daemon;
  const idle = await Promise.all(Array.from({ length: counts.idle }, () => dial(socket)));
  const watchers = await Promise.all(Array.from({ length: 5 }, () => deafWatcher(socket)));
  const others = Array.from({ length: RUDE }, () => random.pick(MANNERS)(socket, random.fork()));
  counts.rude += RUDE;
  for (let nth = 0; nth < 40; nth++) {
    // 20 kB each, of which a deaf watcher's daemon keeps no heap: it reads them again when asked to.
    await polite.change('task.add', { title: `t${nth}`, context: 'x'.repeat(20_000) });
    counts.watched += watchers.length;
  }
  await polite.read('task.next', { limit: 10 });
  await Promise.all(others);
  for (const each of [...idle, ...watchers]) each.destroy();
}

type Manner = (socket: string, random: Random) => Promise<void>;

/** How clients behave that were killed, stopped, or written badly. */
const MANNERS: readonly Manner[] = [
  // Says nothing, and hangs up.
  async (socket, random) => {
    const connection = await dial(socket);
    await sleep(random.int(0, 200));
    connection.destroy();
  },
  // Dribbles a greeting and a request, a byte at a time, and is answered.
  async (socket) => {
    const connection = await dial(socket);
    const request = '{"jsonrpc":"2.0","id":1,"method":"task.next","params":{"limit":1}}\n';
    for (const byte of HELLO + request) {
      connection.write(byte);
      await sleep(1);
    }
    await heard(connection, '"id":1');
    connection.destroy();
  },
  // Asks, and closes its writing end at once.
  async (socket) => {
    const connection = await dial(socket);
    connection.end(`${HELLO}{"jsonrpc":"2.0","id":1,"method":"task.list","params":{}}\n`);
    await sleep(50);
    connection.destroy();
  },
  // Asks a hundred things and never reads an answer.
  async (socket) => {
    const connection = await dial(socket);
    connection.pause();
    connection.write(HELLO);
    for (let id = 0; id < 100; id++)
      connection.write(`{"jsonrpc":"2.0","id":${id},"method":"task.list","params":{}}\n`);
    await sleep(100);
    connection.destroy();
  },
  // Begins a message that is longer than any may be.
  async (socket) => {
    const connection = await dial(socket);
    connection.on('error', () => undefined);
    connection.write(HELLO);
    for (let i = 0; i < 20 && !connection.destroyed; i++) {
      connection.write('x'.repeat(1024 * 1024));
      await sleep(2);
    }
    connection.destroy();
  },
];

async function deafWatcher(socket: string): Promise<Socket> {
  const connection = await dial(socket);
  connection.write(`${HELLO}{"jsonrpc":"2.0","id":1,"method":"history.watch","params":{}}\n`);
  await heard(connection, '"seq"');
  connection.pause();
  return connection;
}

async function dial(socket: string): Promise<Socket> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<Socket | Error>();
    const connection = connect(socket, () => resolve(connection));
    connection.on('error', resolve);
    const got = await promise;
    if (!(got instanceof Error)) return got;
    // More are waiting to be let in than the kernel queues.
    if ((got as NodeJS.ErrnoException).code !== 'EAGAIN') throw got;
    await sleep(10);
  }
}

async function heard(connection: Socket, text: string): Promise<void> {
  let all = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`no ${text} in ${all}`)), PATIENCE_MS);
  const listen = (chunk: Buffer) => {
    all += chunk.toString();
    if (all.includes(text)) resolve();
  };
  connection.on('data', listen);
  await promise;
  clearTimeout(timer);
  connection.off('data', listen);
}

/**
 * What it holds once nothing is open any more. Garbage is collected when it is next asked
 * something; and a reader that was just replaced has its files open once it has answered.
 */
async function settled({ pid, socket, db }: Daemon): Promise<{ descriptors: number; mib: number }> {
  let [descriptors, mib] = [Infinity, Infinity];
  for (let tries = 0, same = 0; tries < 100 && same < 5; tries++) {
    await sleep(100);
    const client = openClient(resolvePaths('/', '/', { socket, db }));
    await client.read('task.next', { limit: 1 });
    await client.read('task.list', { key: 'none' });
    client.close();
    await sleep(20);
    const now = readdirSync(`/proc/${pid}/fd`).length;
    same = now === descriptors ? same + 1 : 0;
    descriptors = now;
    const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    mib = Math.min(mib, Math.round(Number(kib) / 1024));
  }
  return { descriptors, mib };
}
