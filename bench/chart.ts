import { init } from 'echarts';
import { acrossAxis, INK, lineSeries, powersOver, upAxis } from './chart-axes.ts';

/** A point whose figure is not a number is left out of the line. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number | string, y: number])[];
}

/** One pair of axes. Words along the bottom stand at equal distances; a linear axis begins at nought. */
export interface Panel {
  title: string;
  across: { name: string; scale: 'log' | 'linear' | 'words' };
  up: { name: string; scale: 'log' | 'linear' };
  lines: readonly Line[];
}

export interface Chart {
  title: string;
  description: string;
  /** How many panels stand beside each other; those with a logarithmic height share it. */
  columns: number;
  panelHeight: number;
  panels: readonly Panel[];
}

const WIDTH = 900;
const LEGEND = 34;
const LEFT = 64;
const RIGHT = 22;
/** Of each panel: its heading, and the numbers and the name below it. */
const ABOVE = 36;
const BELOW = 54;

/** An SVG on white, with the same bytes for the same figures. */
export function draw(chart: Chart): string {
  const { panels, columns, panelHeight } = chart;
  const hasLegend = panels.some(({ lines }) => lines.length > 1);
  const rows = Math.ceil(panels.length / columns);
  const height = (hasLegend ? LEGEND : 0) + rows * (ABOVE + panelHeight + BELOW);
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  drawing.setOption({
    animation: false,
    backgroundColor: '#fff',
    textStyle: { fontFamily: 'sans-serif' },
    legend: { show: hasLegend, top: 8, itemWidth: 46, itemGap: 24, textStyle: { color: INK } },
    ...placed(chart, hasLegend ? LEGEND : 0),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return forReaders(withoutMouse(svg), chart);
}

function placed({ panels, columns, panelHeight }: Chart, top: number) {
  const width = (WIDTH - LEFT - RIGHT * columns) / columns;
  const places = panels.map((_, i) => ({
    left: LEFT + (i % columns) * (width + RIGHT),
    top: top + ABOVE + Math.floor(i / columns) * (ABOVE + panelHeight + BELOW),
  }));
  const powers = powersOver(panels.flatMap(({ lines }) => lines));
  return {
    title: panels.map(({ title }, i) => ({
      text: title,
      left: places[i]?.left,
      top: (places[i]?.top ?? 0) - 28,
      padding: 0,
      textStyle: { color: INK, fontSize: 14 },
    })),
    grid: places.map((place) => ({ ...place, width, height: panelHeight, containLabel: false })),
    xAxis: panels.map((panel, i) => acrossAxis(panel, i)),
    yAxis: panels.map((panel, i) => upAxis(panel, i, powers, i % columns === 0)),
    series: panels.flatMap(({ lines }, i) =>
      lines.flatMap((line, look) => lineSeries(line, i, look)),
    ),
  };
}

/** What only serves a mouse, and names that count the drawings of the process. */
function withoutMouse(svg: string): string {
  return svg
    .replaceAll(/<style >[^]*?<\/style>\n?/g, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, '');
}

function forReaders(svg: string, { title, description }: Chart): string {
  const words = `<title id="title">${escaped(title)}</title>\n<desc id="desc">${escaped(description)}</desc>`;
  const role = 'role="img" aria-labelledby="title desc"';
  return `${svg.replace(/^<svg ([^>]*)>/, (_, rest: string) => `<svg ${role} ${rest}>\n${words}`)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
