/** One `[[target]]` or `[[target|text]]` in a markdown body. */
export interface WikiLink {
  /** Where it begins and ends, brackets included, in UTF-16 units. */
  start: number;
  end: number;
  /** What it leads to, as typed: a title or an id. */
  target: string;
  /** What is shown in its place, where that is something else. */
  text: string | null;
  /** What stands between the two; in a cell of a table the bar is escaped. */
  bar: '|' | '\\|';
}

const LINK = /\[\[([^[\]|\n]+?)(?:(\\?\|)([^[\]\n]*))?\]\]/g;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** All links of a body, in order. What stands in a code block or in backticks is none. */
export function linksIn(body: string): WikiLink[] {
  // Most bodies have none, and some are long.
  if (!body.includes('[[')) return [];
  const links: WikiLink[] = [];
  let fence: string | null = null;
  let at = 0;
  for (const line of body.split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence !== null) {
      if (mark !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
    } else if (mark !== null) {
      fence = mark;
    } else if (line.includes('[[')) {
      links.push(...linksOfLine(line, at));
    }
    at += line.length + 1;
  }
  return links;
}

/** The body with some links rewritten: `rewrite` gives what takes a link's place, or null to leave it. */
export function relinked(body: string, rewrite: (link: WikiLink) => string | null): string {
  let out = '';
  let at = 0;
  for (const link of linksIn(body)) {
    const put = rewrite(link);
    if (put === null) continue;
    out += body.slice(at, link.start) + put;
    at = link.end;
  }
  return at === 0 ? body : out + body.slice(at);
}

/** A link as it is written. The text is left out where it says what the target says. */
export function linkText(target: string, text: string | null, bar = '|'): string {
  return text === null || text === target ? `[[${target}]]` : `[[${target}${bar}${text}]]`;
}

/** Whether a title can stand in a link as it is; one with brackets in it is linked to by its id. */
export function isLinkable(title: string): boolean {
  return !/[[\]|\n]/.test(title);
}

function linksOfLine(line: string, offset: number): WikiLink[] {
  const code = codeSpans(line);
  return [...line.matchAll(LINK)].flatMap((match) => {
    const target = (match[1] ?? '').trim();
    const inCode = code.some(([from, to]) => match.index >= from && match.index < to);
    if (target === '' || inCode) return [];
    const start = offset + match.index;
    const text = match[3]?.trim() ?? '';
    const end = start + match[0].length;
    const bar = match[2] === '\\|' ? match[2] : '|';
    return [{ start, end, target, text: text === '' ? null : text, bar }];
  });
}

/** Where a line has code between backticks: as many close it as opened it. */
function codeSpans(line: string): [from: number, to: number][] {
  const spans: [number, number][] = [];
  const ticks = [...line.matchAll(/`+/g)];
  for (let i = 0; i < ticks.length; i++) {
    const open = ticks[i];
    const close = ticks.findIndex((tick, j) => j > i && tick[0].length === open?.[0].length);
    if (!open || close === -1) continue;
    const end = ticks[close];
    spans.push([open.index, (end?.index ?? 0) + (end?.[0].length ?? 0)]);
    i = close;
  }
  return spans;
}
