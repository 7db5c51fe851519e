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

/** What matters in a line, from left to right: an escaped tick, ticks, a link. */
const PIECE = /\\[\\`]|(`+)|\[\[([^[\]|\n]+?)(?:(\\?\|)([^[\]\n]*))?\]\]/g;
/** What opens a code block. Ticks with ticks after them on their line are code inside that line. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;

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
      for (const link of linksOfLine(line, at)) links.push(link);
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

/**
 * Whether a title can stand in a link as it is; one that would end the link, its
 * target, or code that began before it, is linked to by its id.
 */
export function isLinkable(title: string): boolean {
  return !/[[\]|`\n]|\\$/.test(title);
}

function* linksOfLine(line: string, offset: number): Generator<WikiLink> {
  const closing = closingTicks(line);
  const piece = new RegExp(PIECE);
  for (let match = piece.exec(line); match !== null; match = piece.exec(line)) {
    const [whole, ticks, target, bar, text] = match;
    if (ticks !== undefined) piece.lastIndex = closing(ticks.length, piece.lastIndex);
    if (target === undefined || target.trim() === '') continue;
    const start = offset + match.index;
    yield {
      start,
      end: start + whole.length,
      target: target.trim(),
      text: text?.trim() || null,
      bar: bar === '\\|' ? bar : '|',
    };
  }
}

/**
 * Where code ends that begins with so many ticks: as many close it as opened it.
 * Where nothing closes it, it is none, and what is after the ticks comes next.
 * To be asked from left to right: each run of ticks is looked at once.
 */
function closingTicks(line: string): (length: number, from: number) => number {
  const starts = new Map<number, number[]>();
  for (const { 0: ticks, index } of line.matchAll(/`+/g)) {
    const same = starts.get(ticks.length);
    if (same) same.push(index);
    else starts.set(ticks.length, [index]);
  }
  for (const same of starts.values()) same.reverse();
  return (length, from) => {
    const left = starts.get(length) ?? [];
    while ((left.at(-1) ?? from) < from) left.pop();
    const close = left.at(-1);
    return close === undefined ? from : close + length;
  };
}
