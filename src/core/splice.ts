/** One replacement in a text: at `at`, take `cut` UTF-16 units out and put `put` in. */
export interface Splice {
  at: number;
  cut: number;
  put: string;
}

/**
 * The single splice that turns `from` into `to`. Kept in the change log the
 * other way round, so that an edit of a long body costs what was edited, not
 * the body.
 */
export function spliceBetween(from: string, to: string): Splice {
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from.charCodeAt(head) === to.charCodeAt(head)) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    from.charCodeAt(from.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail)
  ) {
    tail++;
  }
  return { at: head, cut: from.length - head - tail, put: to.slice(head, to.length - tail) };
}

/** The text after a splice. */
export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.at) + splice.put + text.slice(splice.at + splice.cut);
}
