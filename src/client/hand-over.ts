import { readFileSync } from 'node:fs';

/** None is announced for longer; a moment further off is a clock that jumped. */
const AHEAD_MS_MAX = 120_000;

/**
 * Until when a missing daemon is one that is being replaced, in epoch
 * milliseconds; 0 when nobody says so.
 * @param path the hand-over file, `{"until_ms": …}`.
 */
export function handOverUntil(path: string, nowMs: number): number {
  try {
    const { until_ms: until } = JSON.parse(readFileSync(path, 'utf8')) as { until_ms?: unknown };
    return typeof until === 'number' && until <= nowMs + AHEAD_MS_MAX ? until : 0;
  } catch {
    return 0;
  }
}
