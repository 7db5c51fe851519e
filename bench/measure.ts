import { spawnSync } from 'node:child_process';

/** One command to time, as a whole process. */
export interface Contender {
  name: string;
  /** Made anew for each run where it cannot be the same twice. */
  argv: readonly string[] | (() => readonly string[]);
  env?: Readonly<Record<string, string>>;
}

/** Milliseconds: the middle one, and how far the quarters lie apart. */
export interface Figure {
  name: string;
  median: number;
  lower: number;
  upper: number;
}

/**
 * Time the commands in turn, a round after another, so that they share the
 * machine's noise; the first rounds are not counted.
 * @throws when one fails: a failing command is fast.
 */
export function race(contenders: readonly Contender[], rounds: number, warmUps = 3): Figure[] {
  const times = contenders.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round++) {
    contenders.forEach((contender, i) => {
      const took = timeOnce(contender);
      if (round >= 0) times[i]?.push(took);
    });
  }
  return contenders.map(({ name }, i) => figure(name, times[i] ?? []));
}

/** Timed by a small shell: the fork of a large process would be counted with what it starts. */
const STOPWATCH =
  'from=$EPOCHREALTIME; "$@" >/dev/null </dev/null; code=$?; echo "$from $EPOCHREALTIME $code"';

function timeOnce({ name, argv, env = {} }: Contender): number {
  const words = typeof argv === 'function' ? argv() : argv;
  const run = spawnSync('bash', ['-c', STOPWATCH, 'stopwatch', ...words], {
    env: { ...process.env, ...env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  const [from = Number.NaN, to = Number.NaN, code] = run.stdout.trim().split(' ').map(Number);
  if (code !== 0) throw new Error(`${name} failed: ${run.error?.message ?? run.stderr}`);
  return (to - from) * 1000;
}

/** How long answers took, in ms. */
export interface Waits {
  p50: number;
  p99: number;
  p999: number;
  most: number;
}

export function waitsOf(times: readonly number[]): Waits {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), most: sorted.at(-1) ?? Number.NaN };
}

function figure(name: string, times: number[]): Figure {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { name, median: at(0.5), lower: at(0.25), upper: at(0.75) };
}
