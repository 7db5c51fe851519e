import { aimsOf } from './aims.ts';
import { whileMuchIsChanged } from './page-large.ts';
import { underLoad } from './page-load.ts';
import { CELLS } from './peers.ts';
import { picture, type Plots } from './plots.ts';
import { grown, of, times, took, type SizeResult } from './result.ts';
import { ms, table } from './table.ts';

export interface Machine {
  commit: string;
  cpu: string;
  cores: number;
}

/** The page, from the figures and the pictures of them, and nothing else. */
export function writePage(results: readonly SizeResult[], plots: Plots, machine: Machine): string {
  return `---
title: How fast it is
modified: ${new Date().toISOString().slice(0, 10)}
tags: [explanation, performance]
---

# How fast it is

Made by \`npm run bench\` at ${machine.commit}, on ${machine.cores} cores of ${machine.cpu}. Medians of
whole processes, timed in turn, so that they share the machine's noise. What can be compared between
machines is the ratios.

## Beside others

Milliseconds for one command, on the same tasks: 20 projects, tags, dates, texts, ten changes each. In
brackets how many times longer than heph, without what starting any program costs.

${picture(plots.commands)}

${table(['tasks', 'program', ...CELLS], results.flatMap(besideOthers))}

- Taskwarrior and todo.txt are those of Debian. todo.txt keeps no text beside a task, and one flat file.
- \`next\` is \`heph next\`, \`task next limit:10\`, and \`todo.txt ls\`. \`search\` looks for a word that one task
  in two hundred has. heph prints 20 hits, the others all of them.
- \`heph task\` and \`heph done\` wait for the disk: what they acknowledge is durable.

## As the store grows

${table(['tasks', 'empty Node, ms', '`next` of an empty Node', '`add`', '`next`', '`search`', '`done`', 'search in nexts'], growth(results))}

The first ratio has what starting any program costs (\`/bin/true\`) taken off both sides. The others are
against the smallest store.

## The daemon

${picture(plots.roundTrips)}

${table(['tasks', 'round trip p50 / p99, ms', 'beside a long question p50 / p99 / most, ms', 'up, ms', 'resident / after lists, MiB'], results.map(daemonRow))}

- A round trip is \`task.next\` on an open connection, both ends on this machine. The long question is a
  \`list --grep\` of another client, asked again and again.
- "Up" is the time from exec to an answered handshake, on a store that is there.
- Resident is the process after some thousands of \`next\` and of those long questions; the second figure, after
  some thirty lists of a project as well, each of which prints a twenty-fifth of all tasks.

${results.flatMap((result) => underLoad(result, plots.load)).join('\n')}${results.flatMap(whileMuchIsChanged).join('\n')}## Against the aims

${table(
  ['', 'aim', 'measured', ''],
  aimsOf(results).map(({ what, aim, measured, isMet }) => [
    what,
    aim,
    measured,
    isMet ? 'met' : 'missed',
  ]),
)}

What heph takes is nearly all of it the start of a program, and what it is compared with computes. So where a
machine is slow to start programs, all ratios to other programs are smaller: on one where an empty Node took
88 ms, \`next\` at 100,000 took 0.49 of that, and was 11 and 88 times faster than Taskwarrior's at 10,000 and 100,000.

## Why it is so

- The client is compiled with its runtime (\`decisions/0004\`): Node's own start is the floor of any
  client that it runs, and is the column beside ours.
- The client loads what the typed command uses. Option parsing, text widths and colours are each left
  out where nobody needs them; asking the runtime for its output stream costs as much as the rest, so
  it is only asked where output may be a terminal.
- \`next\` is read from indexes in the order of the answer; nothing is sorted, and nothing is ranked in
  advance. Tasks that are put off and have a late date are the one case that is walked over.
- A search with more than 5,000 matches ranks the newest 1,000: ranking costs what matches, and a word
  that everything has tells nothing apart.
- What may read much runs in threads of its own, on connections of their own.
- SQLite, built with STAT4, plans by the values of bare parameters, and prepared every statement anew at
  each use. Binding them inside an expression (\`store/sqlite.ts\`) made the query of \`next\` ten times
  faster: a finding worth a look in any program that uses better-sqlite3 with joins.
`;
}

function besideOthers(result: SizeResult): string[][] {
  const size = result.size.toLocaleString('en');
  const ours = CELLS.map((cell) => of(result.figures, cell));
  const theirs = result.peers.map((peer) => {
    const cells = CELLS.map((cell) => {
      const longer = times(result, peer, cell);
      return `${ms(of(peer.figures, cell))} (${longer < 10 ? longer.toFixed(1) : longer.toFixed(0)}x)`;
    });
    return ['', peer.name, ...cells];
  });
  return [[size, 'heph', ...ours.map(ms)], ...theirs];
}

function growth(results: readonly SizeResult[]): string[][] {
  const [smallest] = results;
  if (!smallest) return [];
  return results.map((result) => [
    result.size.toLocaleString('en'),
    ms(of(result.figures, 'empty Node')),
    ratio(took(result, 'next') / took(result, 'empty Node')),
    ...['add', 'next', 'search', 'done'].map((cell) => ratio(grown(result, smallest, cell))),
    ratio(took(result, 'search') / took(result, 'next')),
  ]);
}

function daemonRow(result: SizeResult): string[] {
  const { roundTrips, beside } = result;
  return [
    result.size.toLocaleString('en'),
    `${roundTrips.p50.toFixed(2)} / ${roundTrips.p99.toFixed(2)}`,
    `${beside.p50.toFixed(2)} / ${beside.p99.toFixed(2)} / ${beside.most.toFixed(1)}`,
    ms(result.upMs),
    `${result.rssMib.toFixed(0)} / ${result.rssAfterMib.toFixed(0)}`,
  ];
}

function ratio(value: number): string {
  return value.toFixed(2);
}
