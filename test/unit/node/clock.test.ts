import type * as fs from 'node:fs';
import { readlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '#node/clock.ts';

// The machine's own zone is a link that a test must not change.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  readlinkSync: vi.fn(),
}));

let zone: string | undefined;
beforeEach(() => {
  zone = process.env['TZ'];
});
afterEach(() => {
  vi.useRealTimers();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const machineIsIn = (name: string) =>
  vi.mocked(readlinkSync).mockReturnValue(`/usr/share/zoneinfo/${name}`);
const at = (iso: string) => vi.useFakeTimers({ now: Date.parse(iso), toFake: ['Date'] });

describe('with TZ set, that is the zone', () => {
  test.each([
    ['UTC', '2026-11-18T23:30:00Z', '2026-11-18'],
    ['Asia/Tokyo', '2026-11-18T23:30:00Z', '2026-11-19'],
    ['America/Los_Angeles', '2026-11-18T07:30:00Z', '2026-11-17'],
  ])('in %s at %s it is %s', (name, iso, today) => {
    process.env['TZ'] = name;
    at(iso);
    const clock = systemClock(false);
    expect(clock.today()).toBe(today);
    expect(clock.nowMs()).toBe(Date.parse(iso));
  });

  test.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z'],
    ['Europe/Berlin', '2026-03-30', '2026-03-29T22:00:00Z'],
    ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00:00Z'],
    ['UTC', '2026-11-18', '2026-11-18T00:00:00Z'],
    // Where the clock skips midnight, the day begins when it has been skipped.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
  ])('in %s the day %s begins at %s', (name, date, iso) => {
    process.env['TZ'] = name;
    expect(new Date(systemClock(false).midnightMs(date)).toISOString()).toBe(
      iso.replace('Z', '.000Z'),
    );
  });
});

describe("without TZ, the zone is the machine's, now", () => {
  test('a journey moves the day', () => {
    delete process.env['TZ'];
    machineIsIn('UTC');
    at('2026-11-18T23:30:00Z');
    const clock = systemClock(true);
    machineIsIn('Asia/Tokyo');
    at('2026-11-18T23:30:01Z');
    expect(clock.today()).toBe('2026-11-19');
    machineIsIn('America/Los_Angeles');
    at('2026-11-18T23:30:02Z');
    expect(clock.today()).toBe('2026-11-18');
  });

  test('and the moment at which a day begins', () => {
    delete process.env['TZ'];
    machineIsIn('UTC');
    at('2026-11-18T23:30:00Z');
    const clock = systemClock(true);
    machineIsIn('Asia/Tokyo');
    at('2026-11-18T23:30:01Z');
    expect(new Date(clock.midnightMs('2026-11-18')).toISOString()).toBe('2026-11-17T15:00:00.000Z');
  });

  test('a machine that names none keeps the zone it had', () => {
    delete process.env['TZ'];
    vi.mocked(readlinkSync).mockImplementation(() => {
      throw new Error('ENOENT');
    });
    const clock = systemClock(true);
    expect(clock.today()).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(process.env['TZ']).toBeUndefined();
  });
});
