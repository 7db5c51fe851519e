import { readlinkSync } from 'node:fs';
import { parts } from '#core/dates.ts';
import type { Clock } from '#core/ports.ts';

const LOCALTIME = '/etc/localtime';

/** How long what the link said is taken as true: a list asks twice a row. */
const LOOK_MS = 1000;

/**
 * The machine's clock.
 * @param followsZone true where no `TZ` is set: the zone is then the system's
 *   *now*. A daemon outlives a journey, and the engine would keep the zone it
 *   started in.
 */
export function systemClock(followsZone: boolean): Clock {
  const followZone = followsZone ? zoneFollower() : () => undefined;
  return {
    nowMs: () => Date.now(),
    today: () => {
      followZone();
      const now = new Date();
      const two = (value: number) => String(value).padStart(2, '0');
      return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    },
    midnightMs: (date) => {
      followZone();
      const { year, month, day } = parts(date);
      return new Date(year, month - 1, day).getTime();
    },
  };
}

function zoneFollower(): () => void {
  let last = systemZone();
  let lookedMs = Date.now();
  return () => {
    const nowMs = Date.now();
    if (Math.abs(nowMs - lookedMs) < LOOK_MS) return;
    lookedMs = nowMs;
    const zone = systemZone();
    if (zone === last) return;
    last = zone;
    // Setting TZ is the one way to make the engine look again.
    if (zone !== null) process.env['TZ'] = zone;
  };
}

function systemZone(): string | null {
  try {
    return /zoneinfo\/(.+)$/.exec(readlinkSync(LOCALTIME))?.[1] ?? null;
  } catch {
    return null;
  }
}
