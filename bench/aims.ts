import type { PeerResult, SizeResult } from './page.ts';
import type { Figure } from './measure.ts';
import { CELLS } from './peers.ts';

/** A figure that was aimed at, and what came out. */
export interface Aim {
  what: string;
  aim: string;
  measured: string;
  isMet: boolean;
}

export const of = (figures: readonly Figure[], name: string): number =>
  figures.find((one) => one.name === name)?.median ?? Number.NaN;

/** What a process itself took: without what starting and timing any program costs. */
export const net = ({ figures }: SizeResult, took: number): number =>
  took - of(figures, 'empty program');

/** The aims that these sizes and peers can say something of. */
export function aimsOf(results: readonly SizeResult[]): Aim[] {
  const at = (size: number) => results.find((result) => result.size === size);
  const [smallest, big, biggest] = [at(100), at(100_000), at(1_000_000)];
  const took = (result: SizeResult, name: string) => net(result, of(result.figures, name));
  const grown = (result: SizeResult, cell: string) =>
    smallest === undefined ? Number.NaN : took(result, cell) / took(smallest, cell);
  return [
    ...(big === undefined
      ? []
      : [
          atMost(
            '`next` at 100,000, of an empty Node',
            0.4,
            took(big, 'next') / took(big, 'empty Node'),
          ),
          atMost('`next` at 100,000, of the one at 100', 1.1, grown(big, 'next')),
        ]),
    ...[10_000, 100_000].flatMap((size) => fasterNext(at(size))),
    ...results.filter(({ size, peers }) => size >= 1000 && peers.length > 0).map(slowestCell),
    ...(biggest === undefined
      ? []
      : [
          ...(['add', 'next', 'done'] as const).map((cell) =>
            atMost(`\`${cell}\` at 1,000,000, of the one at 100`, 1.2, grown(biggest, cell)),
          ),
          atMost(
            '`search` at 1,000,000, in `next`s',
            5,
            took(biggest, 'search') / took(biggest, 'next'),
          ),
          atMost('`next` beside a long question at 1,000,000, ms', 20, biggest.beside.most),
          atMost('resident at 1,000,000, MiB', 150, biggest.rssMib),
          atMost(
            'resident at 1,000,000 after lists of 40,000 tasks, MiB',
            150,
            biggest.rssAfterMib,
          ),
        ]),
  ];
}

function fasterNext(result: SizeResult | undefined): Aim[] {
  const task = result?.peers.find(({ name }) => name === 'Taskwarrior');
  if (!result || !task) return [];
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

/** How many times longer than heph. */
export function times(result: SizeResult, peer: PeerResult, cell: string): number {
  return net(result, of(peer.figures, cell)) / net(result, of(result.figures, cell));
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
