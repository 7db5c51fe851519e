import { draw, type Chart, type Line, type Panel } from './chart.ts';
import type { LoadResult, LoadSample } from './load.ts';
import { CELLS } from './peers.ts';
import { of, type SizeResult } from './result.ts';

/** A picture beside the page; its description stands in the page where it cannot be seen. */
export interface Plot {
  file: string;
  description: string;
  svg: string;
}

export interface Plots {
  commands: Plot;
  roundTrips: Plot;
  /** What was asked at once of one store: how long each waited, and how it went on. */
  load: { waits: Plot; soak: Plot } | null;
}

const TASKS = { name: 'tasks', scale: 'log' } as const;
const MS = { name: 'ms', scale: 'log' } as const;

/** From the figures and nothing else. */
export function plotsOf(results: readonly SizeResult[]): Plots {
  const load = results.find((result) => result.load !== null)?.load ?? null;
  return {
    commands: plot('commands.svg', commands(results)),
    roundTrips: plot('round-trips.svg', roundTrips(results)),
    load: load && { waits: plot('waits.svg', waits(load)), soak: plot('soak.svg', soak(load)) },
  };
}

export function allOf({ commands: first, roundTrips: second, load }: Plots): Plot[] {
  return [first, second, ...(load ? [load.waits, load.soak] : [])];
}

/** As the page shows it. */
export function picture({ file, description }: Plot): string {
  return `![${description}](performance/${file})`;
}

function plot(file: string, chart: Chart): Plot {
  return { file, description: chart.description, svg: draw(chart) };
}

function commands(results: readonly SizeResult[]): Chart {
  const peers = new Set(results.flatMap((result) => result.peers.map(({ name }) => name)));
  const panels = CELLS.map((cell): Panel => ({
    title: cell,
    across: TASKS,
    up: MS,
    lines: [
      overSizes('heph', results, (result) => of(result.figures, cell)),
      ...[...peers].map((name) =>
        overSizes(name, results, ({ peers: all }) =>
          of(all.find((peer) => peer.name === name)?.figures ?? [], cell),
        ),
      ),
    ],
  }));
  const [, next] = panels;
  return {
    title: 'One command, against the number of tasks',
    description: `Milliseconds for one command against the number of tasks, both logarithmic, for ${CELLS.join(', ')}. next, from the first figure to the last: ${fromTo(next?.lines ?? [])}.`,
    columns: CELLS.length,
    panelHeight: 200,
    panels,
  };
}

function roundTrips(results: readonly SizeResult[]): Chart {
  const panel = (title: string, how: 'roundTrips' | 'beside'): Panel => ({
    title,
    across: TASKS,
    up: MS,
    lines: (['p50', 'p99', 'most'] as const).map((share) =>
      overSizes(share, results, (result) => result[how][share]),
    ),
  });
  const panels = [panel('alone', 'roundTrips'), panel('beside a long question', 'beside')];
  const each = panels.map(({ title, lines }) => `${title}, ${fromTo(lines)}`);
  return {
    title: 'One round trip to the daemon, against the number of tasks',
    description: `Milliseconds of a round trip against the number of tasks, both logarithmic. From the smallest store to the largest: ${each.join('; ')}.`,
    columns: 2,
    panelHeight: 200,
    panels,
  };
}

function waits({ kinds, clients }: LoadResult): Chart {
  const lines = kinds.map(({ name, p50, p99, p999 }): Line => ({
    name,
    points: [
      ['p50', p50],
      ['p99', p99],
      ['p99.9', p999],
    ],
  }));
  return {
    title: `How long an answer takes while ${clients} clients ask`,
    description: `Milliseconds until an answer, logarithmic, at p50, p99 and p99.9. From p50 to p99.9: ${fromTo(lines)}.`,
    columns: 1,
    panelHeight: 200,
    panels: [{ title: 'until the answer', across: { name: '', scale: 'words' }, up: MS, lines }],
  };
}

function soak({ clients, samples }: LoadResult): Chart {
  const panel = (name: string, y: (sample: LoadSample) => number): Panel => ({
    title: name,
    across: { name: 'seconds', scale: 'linear' },
    up: { name: '', scale: 'linear' },
    lines: [{ name, points: samples.map((sample) => [sample.second, y(sample)]) }],
  });
  const panels = [
    panel('resident memory of the daemon, MiB', ({ rssMib }) => rssMib),
    panel('answers a second', ({ perSecond }) => perSecond),
  ];
  return {
    title: `Memory and answers while ${clients} clients ask`,
    description: `Two lines over the seconds of load, from nought: ${panels
      .flatMap(({ lines }) => lines)
      .map(leastAndMost)
      .join('; ')}.`,
    columns: 1,
    panelHeight: 120,
    panels,
  };
}

function overSizes(
  name: string,
  results: readonly SizeResult[],
  y: (result: SizeResult) => number,
): Line {
  return { name, points: results.map((result) => [result.size, y(result)]) };
}

/** "heph 12 to 13, todo.txt 24 to 1,117": the first and the last figure of each line. */
function fromTo(lines: readonly Line[]): string {
  const words = lines.map(({ name, points }) => {
    const known = points.map(([, y]) => y).filter(Number.isFinite);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined) return `${name} not measured`;
    return `${name} ${short(first)} to ${short(last)}`;
  });
  return words.join(', ');
}

function leastAndMost({ name, points }: Line): string {
  const known = points.map(([, y]) => y).filter(Number.isFinite);
  return `${name}: ${short(Math.min(...known))} at least, ${short(Math.max(...known))} at most`;
}

function short(value: number): string {
  if (value < 10) return value.toFixed(value < 1 ? 2 : 1);
  return Math.round(value).toLocaleString('en');
}
