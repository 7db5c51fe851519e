/**
 * A hybrid logical clock as fixed-width text that sorts by time: 12 hex digits
 * of epoch milliseconds, 4 of a counter. It never goes back, even where the
 * wall clock does.
 */
export type Hlc = string;

const COUNTER_MAX = 0xffff;

/** The next moment after `last`, at or after the wall clock's `nowMs`. */
export function nextHlc(last: Hlc | null, nowMs: number): Hlc {
  if (last === null) return format(nowMs, 0);
  const lastMs = hlcMs(last);
  if (nowMs > lastMs) return format(nowMs, 0);
  const counter = Number.parseInt(last.slice(12), 16) + 1;
  return counter > COUNTER_MAX ? format(lastMs + 1, 0) : format(lastMs, counter);
}

/** Epoch milliseconds of a moment. */
export function hlcMs(hlc: Hlc): number {
  return Number.parseInt(hlc.slice(0, 12), 16);
}

function format(ms: number, counter: number): Hlc {
  return ms.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0');
}
