import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '#cli/import/json.ts';

test.each([
  ['', 'f, line 1, column 1'],
  ['[1, 2', 'f, line 1, column 6'],
  ['[\n{"a": 1},\n{"a": }\n]', 'f, line 3, column 7'],
  ['{"a": "never closed', 'f, line 1, column 7'],
  ['{"a" 1}', 'f, line 1, column 6'],
  ['{1: 2}', 'f, line 1, column 2'],
  ['[1,]', 'f, line 1, column 4'],
  ['{"a":1,}', 'f, line 1, column 8'],
  ['[1}', 'f, line 1, column 3'],
  ['1 2', 'f, line 1, column 3'],
  ['1,', 'f, line 1, column 2'],
  ['nope', 'f, line 1, column 1'],
  ['"a\tb"', 'f, line 1, column 1'],
])('%j breaks at %s', (text, place) => {
  expect(readJson(text, 'f').problem?.place).toBe(place);
});

test('any JSON is read', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(readJson(text, 'f')).toEqual({ value: JSON.parse(text), problem: null });
    }),
  );
});

test('JSON that is cut off breaks where its last word begins, or at its end', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, at) => {
      const whole = JSON.stringify([value]);
      const text = whole.slice(0, at % whole.length);
      const [, column = ''] = /column (\d+)$/.exec(readJson(text, 'f').problem?.place ?? '') ?? [];
      // What is left from there on is one unfinished word.
      expect(text.slice(Number(column) - 1)).toMatch(/^(?:".*|[-.\w+]*)$/s);
    }),
  );
});

test('a character that is wrong is found where the engine finds it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, at) => {
      const whole = JSON.stringify([value]);
      const cut = at % (whole.length + 1);
      const text = `${whole.slice(0, cut)}\u0001${whole.slice(cut)}`;
      const column = Number(/\d+$/.exec(readJson(text, 'f').problem?.place ?? '')?.[0]);
      // Inside of a word, the word is named.
      expect(column).toBeLessThanOrEqual(cut + 1);
      expect(text.slice(column - 1, cut)).toMatch(/^(?:|[\w.+-]*|"[^]*)$/);
    }),
  );
});

// Found by the campaign: a string that is not closed took longer than anybody waits.
test.each([
  ['a control character', `"${'word '.repeat(20)}\u0000"`],
  ['the end', `["${'a'.repeat(1_000_000)}`],
  ['a wrong escape', `"${'\\\\ab'.repeat(1000)}\\x"`],
])('a string that %s cuts off is seen at once', (_, text) => {
  expect(readJson(text, 'file')).toMatchObject({
    problem: { place: expect.stringMatching(/^file, line 1, column \d+$/) },
  });
});
