import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hlcMs, nextHlc } from '#core/hlc.ts';

test('the first moment is the wall clock, with a counter of 0', () => {
  expect(nextHlc(null, 0x0123_4567_89ab)).toBe('0123456789ab0000');
});

test.each([
  ['the clock went on', '0000000000ff0007', 0x100, '0000000001000000'],
  ['the clock stands still', '0000000000ff0007', 0xff, '0000000000ff0008'],
  ['the clock went back', '0000000000ff0007', 0x01, '0000000000ff0008'],
  ['the counter is full', '0000000000ffffff', 0xff, '0000000001000000'],
])('after a moment, when %s', (_, last, nowMs, next) => {
  expect(nextHlc(last, nowMs)).toBe(next);
});

test('whatever the wall clock does, moments rise as text and are never before it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 44 }), { minLength: 2 }), (clock) => {
      let last: string | null = null;
      for (const nowMs of clock) {
        const next: string = nextHlc(last, nowMs);
        expect(next).toHaveLength(16);
        expect(hlcMs(next)).toBeGreaterThanOrEqual(nowMs);
        if (last !== null) expect(next > last).toBe(true);
        last = next;
      }
    }),
  );
});
