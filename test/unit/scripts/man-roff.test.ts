import { expect, test } from 'vitest';
import { literal, macro, roff, terms } from '../../../scripts/man-roff.ts';

test.each([
  ['plain words', 'plain words'],
  ['--json', String.raw`\-\-json`],
  ['.nf', String.raw`\&.nf`],
  ['a\n.nf', 'a\n\\&.nf'],
  ['end. of', 'end. of'],
  ["'quoted'", String.raw`\(aqquoted\(aq`],
  ['say "hi"', String.raw`say \(dqhi\(dq`],
  [String.raw`a\nb`, String.raw`a\enb`],
  ['~/x^2 `y`', String.raw`\(ti/x\(ha2 \(gay\(ga`],
  ['Zähne…', String.raw`Z\[u00E4]hne\[u2026]`],
  ['😀', String.raw`\[u1F600]`],
])('%j is shown, and does nothing', (text, escaped) => {
  expect(roff(text)).toBe(escaped);
});

test('an argument is one word, whatever is in it', () => {
  expect(macro('SS', 'say "a b"', 'x')).toBe(String.raw`.SS "say \(dqa b\(dq" "x"`);
});

test('lines that are shown as they are keep their empty ones', () => {
  expect(literal(['.a', '', 'b'])).toBe('.nf\n\\&.a\n.sp\nb\n.fi');
});

test('a term, and what it means', () => {
  expect(terms([['-n N', 'how many']])).toEqual(['.TP\n\\fB\\-n N\\fR\nhow many']);
});
