import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { lineOf, withKey, withoutKey } from '#config/toml.ts';

const SET = 'log.level';

describe('a key is set in its own line', () => {
  test.each([
    ['', '[log]\nlevel = "debug"\n'],
    ['# mine\n', '# mine\n\n[log]\nlevel = "debug"\n'.replace('\n\n', '\n\n')],
    ['[log]\nlevel = "info" # why\n', '[log]\nlevel = "debug" # why\n'],
    ["[log]\nlevel='info'\nmax_bytes = 1\n", '[log]\nlevel="debug"\nmax_bytes = 1\n'],
    ['[log]\n# none yet\n', '[log]\nlevel = "debug"\n# none yet\n'],
    ['log.max_bytes = 1\n', 'log.max_bytes = 1\nlog.level = "debug"\n'],
    ['log.level = "info"\n', 'log.level = "debug"\n'],
    ['[log]\r\nlevel = "info"\r\n', '[log]\r\nlevel = "debug"\r\n'],
    ['[log]\r\n', '[log]\r\nlevel = "debug"\r\n'],
    ['[ log ]\n"level" = 3\n', '[ log ]\n"level" = "debug"\n'],
    ['[query]\nlimit_ms = 100', '[query]\nlimit_ms = 100\n\n[log]\nlevel = "debug"\n'],
    [
      '[x]\ntext = """\n[log]\nlevel = 1\n"""\n[log]\nlevel = "info"\n',
      '[x]\ntext = """\n[log]\nlevel = 1\n"""\n[log]\nlevel = "debug"\n',
    ],
  ])('%j', (before, after) => {
    expect(withKey(before, SET, 'debug')).toBe(after);
  });

  test.each(['[log]\nlevel = """\ninfo"""\n', '[log]\nlevel = [\n"info"]\n'])(
    'but not where it goes over several: %j',
    (text) => {
      expect(withKey(text, SET, 'debug')).toBeNull();
    },
  );
});

describe('a key is taken out with its line', () => {
  test.each([
    ['[log]\nlevel = "info"\nmax_bytes = 1\n', '[log]\nmax_bytes = 1\n'],
    ['[log]\r\nlevel = "info"\r\n', '[log]\r\n'],
    ['[log]\n', '[log]\n'],
    ['', ''],
  ])('%j', (before, after) => {
    expect(withoutKey(before, SET)).toBe(after);
  });
});

test.each([
  ['[log]\nlevel = 1\n', 'log.level', 2],
  ['log = { level = 1 }\n', 'log.level', 1],
  ['\n\nlog.level = 1\n', 'log.level', 3],
  ['x = """\nlog.level = 1\n"""\n', 'log.level', null],
  ['', 'log.level', null],
])('in %j, %s is on line %j', (text, key, line) => {
  expect(lineOf(text, key)).toBe(line);
});

/** A file as people write them: comments, blank lines, both ways to write a key, either line end. */
const file = fc
  .record({
    eol: fc.constantFrom('\n', '\r\n'),
    head: fc.array(fc.constantFrom('', '# a note', '  # level = "x"')),
    top: fc.array(fc.constantFrom('name = "n"', 'other.level = 2', "'odd key' = '#'"), {
      maxLength: 1,
    }),
    tables: fc.uniqueArray(fc.constantFrom('log', 'query', 'x.log'), { maxLength: 3 }),
    inside: fc.constantFrom('', 'level = "info" # c', 'other = 1', 'text = """\nlevel = 3\n"""'),
  })
  .map(({ eol, head, top, tables, inside }) =>
    [...head, ...top, ...tables.flatMap((name) => [`[${name}]`, inside, ''])]
      .join('\n')
      .replaceAll('\n', eol),
  );

test('after setting, the file says the same, but for that key; and every other line is as it was', () => {
  fc.assert(
    fc.property(file, fc.constantFrom('debug', 65_536), (text, value) => {
      const after = withKey(text, SET, value);
      if (after === null) throw new Error('each of these can be edited');
      const before = parse(text) as Record<string, object>;
      expect(parse(after)).toEqual({ ...before, log: { ...before['log'], level: value } });
      const kept = after.split(/\r?\n/).filter((line) => !/^level = |^\[log\]/.test(line));
      const lines = new Set(text.split(/\r?\n/));
      expect(kept.filter((line) => line.trim() !== '' && !lines.has(line))).toEqual([]);
      const { log: _, ...others } = before;
      expect(parse(withoutKey(after, SET))).toMatchObject(others);
    }),
    { numRuns: 1000 },
  );
});
