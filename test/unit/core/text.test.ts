import { describe, expect, test } from 'vitest';
import type { HephError } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import {
  appendLines,
  checkBody,
  checkKey,
  checkTag,
  checkTags,
  checkTitle,
  joinLines,
} from '#core/text.ts';

function problemOf(check: () => unknown) {
  try {
    check();
  } catch (error) {
    return (error as HephError).problem;
  }
  throw new Error('it was taken');
}

describe('what is taken', () => {
  test.each([
    ['a title, trimmed', () => checkTitle('  Pay the rent\n', 'title'), 'Pay the rent'],
    ['a title of 1000 characters', () => checkTitle('x'.repeat(1000), 'title'), 'x'.repeat(1000)],
    ['a title of 1000 pictures', () => checkTitle('😀'.repeat(1000), 'title'), '😀'.repeat(1000)],
    ['a tag, trimmed', () => checkTag(' home '), 'home'],
    ['a tag of 100 characters', () => checkTag('日'.repeat(100)), '日'.repeat(100)],
    ['tags, none twice', () => checkTags(['a', 'b', ' a']), ['a', 'b']],
    ['a key, to the letter', () => checkKey(' k e y '), ' k e y '],
    [
      'a body of exactly 10 MiB',
      () => checkBody('é'.repeat(LIMITS.bodyBytes / 2)).length,
      LIMITS.bodyBytes / 2,
    ],
  ] as const)('%s', (_, check, kept) => {
    expect(check()).toEqual(kept);
  });
});

describe('what is not', () => {
  test.each([
    ['an empty title', () => checkTitle(' \t', 'title'), 'title'],
    ['a title of two lines', () => checkTitle('a\nb', 'title'), 'title'],
    ['a title that could steer a terminal', () => checkTitle('a\u001b[2Jb', 'title'), 'title'],
    ['a title with a C1 control', () => checkTitle('a\u009bb', 'title'), 'title'],
    ['a title with a line separator', () => checkTitle('a\u2028b', 'title'), 'title'],
    ["a project's name with a NUL", () => checkTitle('a\0b', 'name'), 'name'],
    ['an empty tag', () => checkTag(' '), 'tag'],
    ['a tag of two words', () => checkTag('two words'), 'tag'],
    ['a tag with a control character', () => checkTag('a\u0007'), 'tag'],
    ['an empty key', () => checkKey(' '), 'key'],
    ['a key of two lines', () => checkKey('a\nb'), 'key'],
  ])('%s', (_, check, field) => {
    expect(problemOf(check)).toMatchObject({ code: 'bad_value', field });
  });

  test.each([
    ['a title', () => checkTitle('😀'.repeat(1001), 'title'), 'title', 1000, 1001, 'characters'],
    ['a tag', () => checkTag('x'.repeat(101)), 'tag', 100, 101, 'characters'],
    [
      'tags',
      () => checkTags(Array.from({ length: 101 }, (_, i) => `t${i}`)),
      'tags',
      100,
      101,
      'items',
    ],
    ['a key', () => checkKey('x'.repeat(201)), 'key', 200, 201, 'characters'],
    [
      'a body',
      () => checkBody(`${'é'.repeat(LIMITS.bodyBytes / 2)}x`),
      'context',
      LIMITS.bodyBytes,
      LIMITS.bodyBytes + 1,
      'bytes',
    ],
  ] as const)('%s one over the limit', (_, check, field, max, actual, unit) => {
    expect(problemOf(check)).toEqual({ code: 'too_long', field, max, actual, unit });
  });

  test('an error quotes no more than the beginning of what was wrong', () => {
    expect(problemOf(() => checkTag(`a b${'x'.repeat(5000)}`))).toMatchObject({
      text: `a b${'x'.repeat(97)}`,
    });
  });
});

test.each([
  ['', 'new', 'new\n'],
  ['old\n', 'new\n', 'old\nnew\n'],
  ['old', 'new', 'old\nnew\n'],
  ['old', 'two\nlines', 'old\ntwo\nlines\n'],
])('%j with %j at its end is %j', (body, addition, whole) => {
  expect(appendLines(body, addition)).toBe(whole);
});

test('nothing at the end of a body changes nothing', () => {
  for (const body of ['', 'x', 'x\n']) expect(appendLines(body, '')).toBe(body);
});

describe('a body with what came for it', () => {
  test.each<[string, string, string, string, string | null]>([
    ['is at its end', 'b\n', 'a\n', '', 'b\na\n'],
    ['is there once', 'b\na\n', 'a', '', null],
    [
      'is there, whatever spaces and blank lines are around it',
      'b\r\n  - a  \r\n',
      '\n  - a\n\n',
      '',
      null,
    ],
    ['is no part of a line', 'Rained all day\n', 'Rain\n', '', 'Rained all day\nRain\n'],
    ['has grown', 'b\na\nd\n', 'a\nc\n', 'a\n', 'b\na\nc\nd\n'],
    ['has shrunk', 'b\na\nc\nd\n', 'a\n', 'a\nc\n', null],
    ['is empty now', 'b\na\nd\n', '', 'a\n', null],
    [
      'is another, and here it was said anyway',
      '# T\n- dig\n',
      'Jo\n',
      '# T\n',
      '# T\n- dig\nJo\n',
    ],
    ['is nothing', 'b\n', ' \n', '', null],
    ['came before, and was changed here', 'b\nA\n', 'a\nc\n', 'a\n', 'b\nA\na\nc\n'],
    ['has grown, as it did here', 'b\na\nc\n', 'a\nc\n', 'a\n', null],
  ])('%s', (_, body, came, cameBefore, joined) => {
    expect(joinLines(body, came, cameBefore)).toBe(joined);
  });
});
