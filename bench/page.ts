import type { Figure } from './measure.ts';

export interface SizeResult {
  size: number;
  /** From exec to an answered handshake. */
  upMs: number;
  rssMib: number;
  roundTrips: { p50: number; p99: number };
  figures: Figure[];
  taskwarrior: Figure | null;
}

export interface Machine {
  commit: string;
  cpu: string;
  cores: number;
}

/** The page, from the figures and nothing else. */
export function writePage(results: readonly SizeResult[], machine: Machine): string {
  const of = (result: SizeResult, name: string) =>
    result.figures.find((figure) => figure.name === name)?.median ?? Number.NaN;
  const smallest = results[0];
  /** What the process itself took: without what starting and timing any program costs. */
  const net = (result: SizeResult, took: number) => took - of(result, 'empty program');
  const rows = results.map((result) => {
    const next = of(result, 'heph next');
    const node = of(result, 'empty Node');
    const task = result.taskwarrior?.median;
    return [
      result.size.toLocaleString('en'),
      ms(of(result, 'empty program')),
      ms(node),
      ms(next),
      task === undefined ? '-' : ms(task),
      ratio(net(result, next) / net(result, node)),
      smallest ? ratio(net(result, next) / net(smallest, of(smallest, 'heph next'))) : '',
      task === undefined ? '-' : `${(net(result, task) / net(result, next)).toFixed(1)}x`,
    ];
  });
  const others = results.map((result) => [
    result.size.toLocaleString('en'),
    ms(of(result, 'heph task')),
    ms(of(result, 'heph list --project')),
    `${result.roundTrips.p50.toFixed(2)} / ${result.roundTrips.p99.toFixed(2)}`,
    ms(result.upMs),
    result.rssMib.toFixed(0),
  ]);
  return `---
title: How fast it is
modified: ${new Date().toISOString().slice(0, 10)}
tags: [explanation, performance]
---

# How fast it is

Made by \`npm run bench\` at ${machine.commit}, on ${machine.cores} cores of ${machine.cpu}. Medians of
whole processes, timed in turn, so that they share the machine's noise. What can be compared between
machines is the ratios.

## What is next

${table(['tasks', 'empty program, ms', 'empty Node, ms', '`heph next`, ms', '`task next`, ms', 'of an empty Node', 'of the smallest store', 'faster than Taskwarrior'], rows)}

The empty program is \`/bin/true\`: what it costs to start and time any program here. The ratios are
taken without it, on both sides. \`task\` is the Taskwarrior that Debian ships, on the same tasks.

## The rest

${table(['tasks', '`heph task`, ms', '`heph list` of one project, ms', 'round trip p50 / p99, ms', 'daemon up, ms', 'daemon resident, MiB'], others)}

- A round trip is \`task.next\` on an open connection, both ends on this machine.
- "Daemon up" is the time from exec to an answered handshake, on a store that is there.
- \`heph task\` waits for the disk: what it acknowledges is durable.

## Why it is so

- The client is compiled with its runtime (\`decisions/0004\`): Node's own start is the floor of any
  client that it runs, and is the column beside ours.
- The client loads what the typed command uses. Option parsing, text widths and colours are each left
  out where nobody needs them; asking the runtime for its output stream costs as much as the rest, so
  it is only asked where output may be a terminal.
- \`next\` is read from indexes in the order of the answer; nothing is sorted, and nothing is ranked in
  advance. Tasks that are put off and have a late date are the one case that is walked over.
- SQLite, built with STAT4, plans by the values of bare parameters, and prepared every statement anew at
  each use. Binding them inside an expression (\`store/sqlite.ts\`) made the query of \`next\` ten times
  faster: a finding worth a look in any program that uses better-sqlite3 with joins.
`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---:')), ...rows.map(line)].join('\n');
}

function ms(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function ratio(value: number): string {
  return value.toFixed(2);
}
