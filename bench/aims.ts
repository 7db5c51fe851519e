import { CELLS } from './peers.ts';
import { grown, times, took, type SizeResult } from './result.ts';

/** A figure that was aimed at, and what came out. */
export interface Aim {
  what: string;
  aim: string;
  measured: string;
  isMet: boolean;
}

/** The aims that these sizes and peers can say something of. */
export function aimsOf(results: readonly SizeResult[]): Aim[] {
  const at = (size: number) => results.filter((result) => result.size === size);
  const [smallest] = at(100);
  if (!smallest) return [];
  return [
    ...at(100_000).flatMap((big) => quickNext(big, smallest)),
    ...[...at(10_000), ...at(100_000)].flatMap(fasterNext),
    ...results.filter(({ size, peers }) => size >= 1000 && peers.length > 0).map(slowestCell),
    ...at(1_000_000).flatMap((biggest) => quickAndSmall(biggest, smallest)),
  ];
}

function quickNext(big: SizeResult, smallest: SizeResult): Aim[] {
  const ofNode = took(big, 'next') / took(big, 'empty Node');
  return [
    atMost('`next` at 100,000, of an empty Node', 0.4, ofNode),
    atMost('`next` at 100,000, of the one at 100', 1.1, grown(big, smallest, 'next')),
  ];
}

function quickAndSmall(biggest: SizeResult, smallest: SizeResult): Aim[] {
  const inNexts = took(biggest, 'search') / took(biggest, 'next');
  const after = 'resident at 1,000,000 after lists of 40,000 tasks, MiB';
  return [
    ...['add', 'next', 'done'].map((cell) =>
      atMost(`\`${cell}\` at 1,000,000, of the one at 100`, 1.2, grown(biggest, smallest, cell)),
    ),
    atMost('`search` at 1,000,000, in `next`s', 5, inNexts),
    atMost('`next` beside a long question at 1,000,000, ms', 20, biggest.beside.most),
    atMost('resident at 1,000,000, MiB', 150, biggest.rssMib),
    atMost(after, 150, biggest.rssAfterMib),
  ];
}

function fasterNext(result: SizeResult): Aim[] {
  const task = result.peers.find(({ name }) => name === 'Taskwarrior');
  if (!task) return [];
  const what = `\`next\` at ${result.size.toLocaleString('en')}, faster than Taskwarrior's`;
  return [atLeast(what, result.size === 10_000 ? 15 : 150, times(result, task, 'next'))];
}

/** todo.txt touches one flat file, and is allowed to be quick at what needs no more. */
function slowestCell(result: SizeResult): Aim {
  const isFlat = (name: string, cell: string) => name === 'todo.txt' && cell !== 'next';
  const wanted = (name: string, cell: string) => {
    if (result.size < 10_000) return 1;
    return isFlat(name, cell) ? 2 : 10;
  };
  const all = result.peers.flatMap((peer) =>
    CELLS.map((cell) => ({
      cell: `${cell}, ${peer.name}`,
      aim: wanted(peer.name, cell),
      times: times(result, peer, cell),
    })),
  );
  const [worst] = all.toSorted((a, b) => a.times / a.aim - b.times / b.aim);
  if (!worst) throw new Error('there is no cell');
  const what = `every cell at ${result.size.toLocaleString('en')}; the nearest is ${worst.cell}`;
  return atLeast(what, worst.aim, worst.times);
}

function atMost(what: string, aim: number, measured: number): Aim {
  return { what, aim: `at most ${aim}`, measured: short(measured), isMet: measured <= aim };
}

function atLeast(what: string, aim: number, measured: number): Aim {
  return { what, aim: `at least ${aim}x`, measured: `${short(measured)}x`, isMet: measured >= aim };
}

function short(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}
