import type { Clock, NewId } from '#core/ports.ts';
import { ulid } from '#core/ids.ts';

/** A clock that stands still until it is moved. Its zone is UTC. */
export interface SettableClock extends Clock {
  set(iso: string): void;
  advance(ms: number): void;
}

const NOON = '2026-11-18T12:00:00.000Z';

export function settableClock(iso = NOON): SettableClock {
  let now = Date.parse(iso);
  return {
    nowMs: () => now,
    today: () => new Date(now).toISOString().slice(0, 10),
    midnightMs: (date) => Date.parse(`${date}T00:00:00.000Z`),
    set: (later) => {
      now = Date.parse(later);
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Ids that count up instead of being left to chance. */
export function countingIds(clock: Clock): NewId {
  let count = 0;
  return () => {
    count++;
    const bytes = new Uint8Array(10);
    new DataView(bytes.buffer).setUint32(6, count);
    return ulid(clock.nowMs(), bytes);
  };
}
