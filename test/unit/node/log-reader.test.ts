import {
  appendFileSync,
  closeSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFilesOf } from '#config/log-files.ts';
import { boundLog, openLogFile } from '#daemon/log-file.ts';
import { openLog } from '#node/log-reader.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('hephd.log');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const reader = () => openLog(logFilesOf(path));
const append = (text: string) => appendFileSync(path, text);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

function rotate(): void {
  const fd = openLogFile(path, false);
  if (fd === null) throw new Error('there is no log');
  expect(boundLog(fd, path, statSync(path).size - 1)).toBe(null);
  closeSync(fd);
}

describe('the last lines', () => {
  test.each([
    ['none of an empty log', '', 3, []],
    ['all, if there are fewer', '1\n2\n', 3, ['1', '2']],
    ['the last', '1\n2\n3\n4\n', 3, ['2', '3', '4']],
    ['one whose end is missing', '1\n2', 1, ['2']],
    ['empty ones', '1\n\n\n', 2, ['', '']],
    ['none', '1\n2\n', 0, []],
    ['long ones', `1\n${'x'.repeat(200_000)}\n3\n`, 2, ['x'.repeat(200_000), '3']],
    ['not only ASCII', `ü\n${'ü'.repeat(100_001)}\n`, 2, ['ü', 'ü'.repeat(100_001)]],
  ])('%s', async (_, text, count, lines) => {
    append(text);
    expect(await reader().last(count, false)).toEqual(lines);
  });

  test('are looked for in the archives as well, oldest first', async () => {
    writeFileSync(`${path}.2`, '1\n2\n');
    writeFileSync(`${path}.1`, '3\n4\n');
    append('5\n');
    expect(await reader().last(2, false)).toEqual(['4', '5']);
    expect(await reader().last(4, false)).toEqual(['2', '3', '4', '5']);
    expect(await reader().last(100, false)).toEqual(numbers(1, 5));
    rmSync(path);
    expect(await reader().last(1, false)).toEqual(['4']);
  });

  test('of no log at all are null', async () => {
    expect(await reader().last(1, false)).toBe(null);
  });

  test('of what is no file are an error, not a wait', async () => {
    mkdirSync(path);
    await expect(reader().last(1, false)).rejects.toThrow('it is not a plain file');
  });
});

describe('what comes after', () => {
  test('are whole lines, each once, whatever the pieces', async () => {
    append('1\n2');
    const log = reader();
    expect(await log.last(9, true)).toEqual(['1']);
    expect(await log.more()).toEqual([]);
    append('2\n\u00fc'.slice(0, -1));
    expect(await log.more()).toEqual(['22']);
    appendFileSync(path, Buffer.from('ü\n').subarray(0, 1));
    expect(await log.more()).toEqual([]);
    appendFileSync(path, Buffer.from('ü\n').subarray(1));
    expect(await log.more()).toEqual(['ü']);
  });

  test('of a log that is not there yet is all of it', async () => {
    const log = reader();
    await log.last(9, true);
    expect(await log.more()).toEqual([]);
    append('1\n');
    expect(await log.more()).toEqual(['1']);
  });

  test.each([0, 1, 2])('over %i rotations between two looks', async (rotations) => {
    append('0\n');
    const log = reader();
    await log.last(9, true);
    for (let round = 0; round < 5; round++) {
      const next = (round * 10).toString();
      append(`${next}a\n`);
      const expected = [`${next}a`];
      for (let i = 0; i < rotations; i++) {
        rotate();
        append(`${next}b${i}\n`);
        expected.push(`${next}b${i}`);
      }
      expect(await log.more()).toEqual(expected);
    }
  });

  test('over a rotation after which the log is soon longer than it was', async () => {
    append('1\n');
    const log = reader();
    await log.last(9, true);
    append('2\n');
    rotate();
    append('3\n4\n5\n6\n');
    expect(await log.more()).toEqual(['2', '3', '4', '5', '6']);
  });

  test('of a line that a rotation cuts in two', async () => {
    append('1\n2');
    const log = reader();
    await log.last(9, true);
    rotate();
    append('2\n');
    expect(await log.more()).toEqual(['22']);
  });

  test('while a rotation goes on waits for its end, unless who did it was killed', async () => {
    append('1\n');
    const log = reader();
    await log.last(9, true);
    append('2\n');
    writeFileSync(`${path}.new`, '1\n2\n');
    // What a rotation leaves half done: the archive is there, the log not yet short.
    writeFileSync(`${path}.1`, '1\n2\n');
    const more = log.more();
    await new Promise(setImmediate);
    truncateSync(path);
    rmSync(`${path}.new`);
    expect(await more).toEqual(['2']);
    writeFileSync(`${path}.new`, '');
    utimesSync(`${path}.new`, 0, 0);
    expect(await log.more()).toEqual([]);
  });

  test.each([
    ['emptied', () => truncateSync(path)],
    ['removed', () => rmSync(path)],
    ['replaced', () => renameSync(path, sandbox.at('mine'))],
  ])('of a log that was %s is what is written then', async (_, happens) => {
    append('1\n2\n3\n');
    const log = reader();
    await log.last(9, true);
    happens();
    expect(await log.more()).toEqual([]);
    append('4\n');
    expect(await log.more()).toEqual(['4']);
    append('5\n');
    expect(await log.more()).toEqual(['5']);
  });
});
