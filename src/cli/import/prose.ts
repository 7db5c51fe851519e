/** A text with what is no code passed through `change`; code stays as it is. */
export function mapProse(text: string, change: (prose: string) => string): string {
  let out = '';
  let prose = '';
  let fence: string | null = null;
  const flush = () => {
    out += mapAroundSpans(prose, change);
    prose = '';
  };
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const mark = FENCE.exec(line)?.[1] ?? '';
    if (fence !== null) {
      out += line;
      const isEnd = mark.startsWith(fence) && line.trim().replace(/^(?:>\s*)+/, '') === mark;
      if (isEnd) fence = null;
    } else if (mark === '') {
      prose += line;
    } else {
      flush();
      out += line;
      fence = mark;
    }
  }
  flush();
  return out;
}

/** Also in a quotation or an item of a list. */
const FENCE = /^[ \t]*(?:(?:>|[-*+]|\d+[.)])[ \t]*)*(`{3,}(?=[^`]*$)|~{3,})/;

/** Code between as many backticks before it as after it, on one line. */
const SPAN = /(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g;

function mapAroundSpans(prose: string, change: (prose: string) => string): string {
  let out = '';
  let at = 0;
  for (const span of prose.matchAll(SPAN)) {
    out += change(prose.slice(at, span.index)) + span[0];
    at = span.index + span[0].length;
  }
  return out + change(prose.slice(at));
}
