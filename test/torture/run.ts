/**
 * The campaign: every trial in turn, each with a seed of its own, until the time
 * is over or a claim does not hold.
 *
 *   npm run torture -- [--minutes 60] [--seed 1] [--only NAME] [--scale 1] [--page]
 *
 * With --page it writes what was run into docs/explanation/reliability.md.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { buildCommit, root, say } from '../../scripts/support.ts';
import { Random } from './random.ts';
import type { Counts } from './trial.ts';
import { TRIALS } from './trials.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    page: { type: 'boolean', default: false },
  },
});
const trials = TRIALS.filter(({ name }) => values.only?.includes(name) ?? true);
if (trials.length === 0)
  throw new Error(`cannot run ${values.only?.join()}: see test/torture/trials.ts`);
const untilMs = Date.now() + Number(values.minutes) * 60_000;
const totals = new Map<string, Record<string, number>>();

let seed = Number(values.seed);
do {
  for (const trial of trials) await once(trial);
  seed++;
} while (Date.now() < untilMs);
await report();

async function once({ name, run }: (typeof TRIALS)[number]): Promise<void> {
  const folder = await mkdtemp(`${tmpdir()}/heph-torture-`);
  const startedMs = Date.now();
  try {
    const counts = await run(new Random(seed), folder, Number(values.scale));
    add(name, { rounds: 1, ...counts });
    say(`${name} ${seed}: ${Math.round((Date.now() - startedMs) / 1000)} s ${textOf(counts)}`);
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    say(`${name} does not hold with seed ${seed}; its files are in ${folder}, and again it is:`);
    say(`npm run torture -- --only ${name} --seed ${seed} --scale ${values.scale} --minutes 0`);
    throw error;
  }
}

function add(name: string, counts: Counts): void {
  const sums = totals.get(name) ?? {};
  for (const [what, count] of Object.entries(counts)) {
    const before = sums[what] ?? 0;
    sums[what] = what.startsWith('most') ? Math.max(before, count) : before + count;
  }
  totals.set(name, sums);
}

function textOf(counts: Counts): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count.toLocaleString('en')}`)
    .join(', ');
}

async function report(): Promise<void> {
  const lines = [...totals].map(([name, counts]) => `| \`${name}\` | ${textOf(counts)} |`);
  for (const [name, counts] of totals) process.stdout.write(`${name}: ${textOf(counts)}\n`);
  if (!values.page) return;
  const command = `npm run torture -- --minutes ${values.minutes} --seed ${values.seed}`;
  const text = [
    `\`${command}\` at ${await buildCommit()}: seeds ${values.seed} to ${seed - 1}, nothing lost.`,
    '',
    '| trial | counts |',
    '| --- | --- |',
    ...lines,
  ].join('\n');
  const path = `${root}/docs/explanation/reliability.md`;
  const page = await readFile(path, 'utf8');
  const block = /<!-- campaign -->[^]*?<!-- end -->/;
  await writeFile(path, page.replace(block, `<!-- campaign -->\n\n${text}\n\n<!-- end -->`));
}
