import type { Line, Panel } from './chart.ts';

export const INK = '#333';
const GRID = '#ddd';

/**
 * Okabe and Ito's colours; dash and mark tell the lines apart for who does not see colours. The last
 * is drawn over the others, and lets them be seen.
 */
const LOOKS = [
  { color: '#0072B2', dash: 'solid', mark: 'circle' },
  { color: '#D55E00', dash: [8, 4], mark: 'rect' },
  { color: '#009E73', dash: [2, 3], mark: 'triangle' },
  { color: '#CC79A7', dash: [10, 3, 2, 3], mark: 'diamond' },
  { color: '#000000', dash: [3, 8], mark: 'ring' },
] as const;
/** A line of more points goes without marks. */
const MARKED_POINTS = 15;

export function acrossAxis({ across, lines }: Panel, gridIndex: number) {
  const shared = { gridIndex, ...named(across.name), nameGap: 26, axisLine: line(INK) };
  const ends = { alignMinLabel: 'left', alignMaxLabel: 'right' } as const;
  const axisLabel = { color: INK, fontSize: 11, formatter: short, ...ends };
  switch (across.scale) {
    case 'words':
      return {
        ...shared,
        type: 'category' as const,
        data: [...new Set(lines.flatMap(({ points }) => points.map(([word]) => String(word))))],
        axisLabel: { color: INK },
      };
    case 'log':
      return { ...shared, type: 'log' as const, axisLabel, splitLine: line(GRID) };
    case 'linear':
      return {
        ...shared,
        type: 'value' as const,
        min: 0,
        max: Math.round(
          Math.max(1, ...lines.flatMap(({ points }) => points.map(([x]) => Number(x)))),
        ),
        axisLabel,
        splitLine: line(GRID),
      };
  }
}

/** Of panels of one logarithmic height, the numbers stand at the first of a row. */
export function upAxis(
  { up }: Panel,
  gridIndex: number,
  powers: { min: number; max: number },
  isFirst: boolean,
) {
  const isLog = up.scale === 'log';
  const show = isFirst || !isLog;
  return {
    gridIndex,
    ...named(show ? up.name : ''),
    nameGap: 42,
    ...(isLog ? { type: 'log' as const, ...powers } : { type: 'value' as const, min: 0 }),
    splitNumber: 4,
    axisLabel: { show, color: INK, formatter: (value: number) => value.toLocaleString('en') },
    axisLine: line(INK),
    splitLine: line(GRID),
  };
}

/** None for a line without a figure: it would stand in the legend, and nowhere else. */
export function lineSeries({ name, points }: Line, panel: number, look: number) {
  const { color, dash, mark } = LOOKS[look % LOOKS.length] ?? LOOKS[0];
  const known = points.filter(([, y]) => Number.isFinite(y));
  if (known.length === 0) return [];
  const one = {
    type: 'line' as const,
    name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    data: known.map(([x, y]) => [x, y]),
    ...(known.length > MARKED_POINTS ? { symbol: 'none' } : marked(mark, color)),
    color,
    lineStyle: { color, width: 2, type: typeof dash === 'string' ? dash : [...dash] },
  };
  return [one];
}

function marked(mark: string, color: string) {
  const shared = { showAllSymbol: true };
  return mark === 'ring'
    ? {
        ...shared,
        symbol: 'circle',
        symbolSize: 13,
        itemStyle: { color: 'transparent', borderColor: color, borderWidth: 2 },
      }
    : { ...shared, symbol: mark, symbolSize: 7, itemStyle: { color } };
}

/** The powers of ten around all figures. */
export function powersOver(lines: readonly Line[]): { min: number; max: number } {
  const all = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter((y) => y > 0);
  const min = Math.floor(Math.log10(Math.min(...all)));
  return { min: 10 ** min, max: 10 ** Math.max(min + 1, Math.ceil(Math.log10(Math.max(...all)))) };
}

function named(name: string) {
  return { name, nameLocation: 'middle' as const, nameTextStyle: { color: INK } };
}

function line(color: string) {
  return { show: true, lineStyle: { color } };
}

/** 10k and 1M for numbers that stand close together. */
function short(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 1000 ? `${value / 1000}k` : String(value);
}
