import { openClient } from '#client/open.ts';
import type { Client } from '#client/client.ts';
import { resolvePaths } from '#config/paths.ts';

export interface LoadResult {
  clients: number;
  seconds: number;
  /** By what was asked; times in ms. */
  kinds: { name: string; count: number; p50: number; p99: number; p999: number }[];
  /** Resident memory of the daemon at equal distances of time, in MiB. */
  rssMib: number[];
}

const CLIENTS = 50;
const SECONDS = Number(process.env['HEPH_BENCH_LOAD_S'] ?? '60');
const SAMPLES = 12;

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
  const untilMs = performance.now() + SECONDS * 1000;
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
  const rssMib: number[] = [];
  const clients = Array.from({ length: CLIENTS }, one);
  for (let sample = 0; sample < SAMPLES; sample++) {
    await new Promise((resolve) => setTimeout(resolve, (SECONDS / SAMPLES) * 1000));
    rssMib.push(await residentMib());
  }
  await Promise.all(clients);
  const kinds = [...times].map(([name, all]) => ({ name, count: all.length, ...shares(all) }));
  return { clients: CLIENTS, seconds: SECONDS, kinds, rssMib };
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

function shares(times: number[]): { p50: number; p99: number; p999: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}
