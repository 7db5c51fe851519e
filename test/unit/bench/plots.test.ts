import { expect, test } from 'vitest';
import { allOf, picture, plotsOf } from '../../../bench/plots.ts';
import { CELLS } from '../../../bench/peers.ts';
import type { SizeResult } from '../../../bench/result.ts';

const figuresOf = (median: number) =>
  CELLS.map((name) => ({ name, median, lower: median, upper: median }));

function sized(size: number, more: Partial<SizeResult> = {}): SizeResult {
  const trips = { p50: 0.3, p99: 1.1, p999: 4, most: 6 };
  return {
    size,
    upMs: 150,
    rssMib: 100,
    rssAfterMib: 110,
    roundTrips: trips,
    beside: trips,
    figures: figuresOf(12),
    load: null,
    large: null,
    peers: [],
    ...more,
  };
}

const load = {
  clients: 50,
  seconds: 3,
  kinds: [
    { name: 'next', count: 30, p50: 0.3, p99: 5, p999: 21, most: 30 },
    { name: 'search', count: 10, p50: 400, p99: 580, p999: 740, most: 800 },
  ],
  samples: [1, 2, 3].map((second) => ({ second, rssMib: 200 + second, perSecond: 1000 })),
};
const peers = [
  { name: 'Taskwarrior', figures: figuresOf(70) },
  { name: 'todo.txt', figures: figuresOf(20) },
];
const results = [sized(100, { peers }), sized(1000, { peers, load }), sized(1_000_000)];

/** The lines that join figures; those of axes are one stroke wide. */
const linesIn = (svg: string) => [...svg.matchAll(/<path [^>]*stroke-width="2" [^>]*bevel[^>]*>/g)];

test('every line that was measured is drawn', () => {
  const { commands, roundTrips, load: underLoad } = plotsOf(results);
  const [waits, soak] = [underLoad?.waits.svg ?? '', underLoad?.soak.svg ?? ''];
  expect(linesIn(commands.svg)).toHaveLength(3 * CELLS.length);
  expect(linesIn(roundTrips.svg)).toHaveLength(3 * 2);
  expect(linesIn(waits)).toHaveLength(2);
  expect(linesIn(soak)).toHaveLength(2);
  for (const name of ['heph', 'Taskwarrior', 'todo.txt', ...CELLS, '100', '1M'])
    expect(commands.svg).toContain(`>${name}</text>`);
});

test('programs that are not installed, and a store that nobody loads, are left out', () => {
  const plots = plotsOf([sized(100), sized(1000)]);
  expect(linesIn(plots.commands.svg)).toHaveLength(CELLS.length);
  expect(allOf(plots).map(({ file }) => file)).toEqual(['commands.svg', 'round-trips.svg']);
});

test('a figure that is missing is no point, and spoils no other', () => {
  const none = { name: 'todo.txt', figures: figuresOf(Number.NaN) };
  const plots = plotsOf([sized(100, { peers: [none] }), sized(1000, { peers: [none] })]);
  for (const { svg } of allOf(plots)) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(linesIn(plots.commands.svg)).toHaveLength(CELLS.length);
  expect(plots.commands.description).toContain('todo.txt not measured');
});

test('the same figures are the same bytes', () => {
  expect(allOf(plotsOf(results))).toEqual(allOf(plotsOf(results)));
});

test('a picture says what it shows to who does not see it', () => {
  const { commands, load: underLoad } = plotsOf(results);
  expect(underLoad?.soak.description).toContain('MiB: 201 at least, 203 at most');
  expect(commands.description).toContain('heph 12 to 12, Taskwarrior 70 to 70, todo.txt 20 to 20');
  expect(commands.svg).toContain(`<desc id="desc">${commands.description}</desc>`);
  expect(picture(commands)).toBe(`![${commands.description}](performance/commands.svg)`);
});
