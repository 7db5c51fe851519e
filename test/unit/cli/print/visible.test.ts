import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '#cli/print/visible.ts';

test.each([
  ['plain Zähne 日本 😀', 'plain Zähne 日本 😀'],
  ['tab\tand\nnewline', 'tab\tand\nnewline'],
  ['\u001b[31mred', '<1B>[31mred'],
  ['bell\u0007', 'bell<07>'],
  ['\u009b2J', '<9B>2J'],
  ['del\u007f', 'del<7F>'],
  ['over\rwritten', 'over<0D>written'],
  ['exe.\u202etxt', 'exe.<202E>txt'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('nothing that steers a terminal is left, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.integer({ min: 0, max: 0x20ff }).map((code) => String.fromCharCode(code)),
      }),
      (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(visible(text)).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
      },
    ),
  );
});
