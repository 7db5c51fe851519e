import type { LoadSample } from './load.ts';
import { picture, type Plots } from './plots.ts';
import type { SizeResult } from './result.ts';
import { ms, table } from './table.ts';

/** The section of the one size that was asked by many at once; of the others nothing. */
export function underLoad({ size, load }: SizeResult, plots: Plots['load']): string[] {
  if (load === null || plots === null) return [];
  const all = load.kinds.reduce((sum, { count }) => sum + count, 0);
  const rows = load.kinds.map(({ name, count, p50, p99, p999 }) => [
    name,
    count.toLocaleString('en'),
    ...[p50, p99, p999].map(ms),
  ]);
  return [
    `## Under load

${load.clients} clients at once on ${size.toLocaleString('en')} tasks, each asking as fast as it is answered, for
${load.seconds} seconds: ${Math.round(all / load.seconds).toLocaleString('en')} requests a second. Milliseconds, with all the others waiting too:

${picture(plots.waits)}

${table(['asked', 'times', 'p50', 'p99', 'p99.9'], rows)}

Adding waits for the disk each time. Searches and lists wait for each other. The daemon's memory and its
answers meanwhile, once a second:

${picture(plots.soak)}

${table(['until second', 'resident, MiB', 'answered a second'], spansOf(load.samples).map(spanRow))}

`,
  ];
}

const SPANS = 6;

/** A few parts of equal length; the last may be shorter. */
function spansOf(samples: readonly LoadSample[]): LoadSample[][] {
  const length = Math.ceil(samples.length / SPANS);
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, i) =>
    samples.slice(i * length, (i + 1) * length),
  );
}

/** Memory at the end of the span, the mean of its answers. */
function spanRow(span: readonly LoadSample[]): string[] {
  const last = span.at(-1);
  const mean = span.reduce((sum, { perSecond }) => sum + perSecond, 0) / span.length;
  return [
    (last?.second ?? Number.NaN).toFixed(0),
    (last?.rssMib ?? Number.NaN).toFixed(0),
    Math.round(mean).toLocaleString('en'),
  ];
}
