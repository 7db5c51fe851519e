import { setTimeout as sleep } from 'node:timers/promises';
import { openClient } from '#client/open.ts';
import type { Client } from '#client/client.ts';
import { resolvePaths } from '#config/paths.ts';
import { waitsOf, type Waits } from './measure.ts';

export interface LoadResult {
  clients: number;
  seconds: number;
  /** By what was asked; times in ms. */
  kinds: ({ name: string; count: number } & Waits)[];
  /** About one a second. */
  samples: LoadSample[];
}

export interface LoadSample {
  /** Since the beginning. */
  second: number;
  /** Of the daemon, resident. */
  rssMib: number;
  /** Requests answered since the last sample. */
  perSecond: number;
}

const CLIENTS = 50;
const SECONDS = Number(process.env['HEPH_BENCH_LOAD_S'] ?? '240');

/** What a client asks next, in hundredths. */
const MIX: readonly {
  name: string;
  share: number;
  ask: (client: Client, nth: number) => Promise<unknown>;
}[] = [
  { name: 'next', share: 70, ask: (client) => client.read('task.next', { limit: 10 }) },
  {
    name: 'add',
    share: 12,
    ask: (client, nth) => client.change('task.add', { title: `Under load ${nth}`, tags: ['load'] }),
  },
  {
    name: 'add by key',
    share: 8,
    ask: (client, nth) =>
      client.change('task.add', { title: `Keyed ${nth}`, key: `load-${nth % 500}` }),
  },
  { name: 'projects', share: 5, ask: (client) => client.read('project.list', {}) },
  { name: 'search', share: 5, ask: (client) => client.read('search', { query: 'heron' }) },
];

/** Fifty clients at once, each asking as fast as it is answered. */
export async function underLoad(
  places: { socket: string; db: string },
  residentMib: () => Promise<number>,
): Promise<LoadResult> {
  const beganMs = performance.now();
  const untilMs = beganMs + SECONDS * 1000;
  const times = new Map(MIX.map(({ name }) => [name, [] as number[]]));
  let nth = 0;
  const one = async () => {
    const client = openClient(resolvePaths('/', '/', places));
    while (performance.now() < untilMs) {
      const { name, ask } = picked(nth++);
      const startedMs = performance.now();
      await ask(client, nth);
      times.get(name)?.push(performance.now() - startedMs);
    }
    client.close();
  };
  const clients = Array.from({ length: CLIENTS }, one);
  const answered = () => [...times.values()].reduce((sum, all) => sum + all.length, 0);
  const samples = await sampled(beganMs, answered, residentMib);
  await Promise.all(clients);
  const kinds = [...times].map(([name, all]) => ({ name, count: all.length, ...waitsOf(all) }));
  return { clients: CLIENTS, seconds: SECONDS, kinds, samples };
}

async function sampled(
  beganMs: number,
  answered: () => number,
  residentMib: () => Promise<number>,
): Promise<LoadSample[]> {
  const samples: LoadSample[] = [];
  let last = { second: 0, count: 0 };
  for (let due = 1; due <= SECONDS; due++) {
    await sleep(Math.max(0, beganMs + due * 1000 - performance.now()));
    const now = { second: (performance.now() - beganMs) / 1000, count: answered() };
    const perSecond = (now.count - last.count) / (now.second - last.second);
    samples.push({ second: now.second, rssMib: await residentMib(), perSecond });
    last = now;
  }
  return samples;
}

/** Always in the same proportion, and never twice the same for long. */
function picked(nth: number) {
  let left = (nth * 37) % 100;
  for (const each of MIX) {
    if (left < each.share) return each;
    left -= each.share;
  }
  throw new Error('the shares are no hundred');
}
