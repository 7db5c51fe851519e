import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boundLog, makeArchivesPrivate, openLogFile } from '#daemon/log-file.ts';
import { Sandbox } from '../../support/sandbox.ts';

const MAX = 1000;
/** Not root, whom no mode keeps out. */
const NOBODY = 65_534;

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('hephd.log');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const files = () => readdirSync(sandbox.path).toSorted();
const text = (end = '') => readFileSync(`${path}${end}`, 'utf8');
const mode = (end = '') => statSync(`${path}${end}`).mode & 0o777;
const lines = (name: string, bytes: number) => `${name}\n`.repeat(bytes / (name.length + 1));

/** As the daemon does it. */
function bound(incoming = 0): Error | null {
  const fd = openLogFile(path, false);
  if (fd === null) throw new Error('there is no log');
  try {
    return boundLog(fd, path, MAX, incoming);
  } finally {
    closeSync(fd);
  }
}

test.each([
  [MAX, 0, false],
  [MAX + 1, 0, true],
  [MAX - 10, 10, false],
  [MAX - 10, 11, true],
  [0, MAX + 1, false],
])('%i bytes, and %i to come: rotated %s', (size, incoming, rotated) => {
  writeFileSync(path, 'x'.repeat(size));
  expect(bound(incoming)).toBe(null);
  expect(existsSync(`${path}.1`)).toBe(rotated);
  expect(statSync(path).size).toBe(rotated ? 0 : size);
});

test('a crash that says the same every second, for weeks, never has more than three times the size', () => {
  const stack = lines('at crash (hephd.js:1)', 220);
  for (let second = 0; second < 200; second++) {
    appendFileSync(path, stack);
    bound();
    const sum = files().reduce((bytes, name) => bytes + statSync(sandbox.at(name)).size, 0);
    expect(sum).toBeLessThanOrEqual(3 * (MAX + stack.length));
  }
  expect(files()).toEqual(['hephd.log', 'hephd.log.1', 'hephd.log.2']);
});

test('of a log that nobody bounded before, the end is kept', () => {
  writeFileSync(path, `${'x'.repeat(50 * MAX)}the end\n`);
  bound();
  expect(text('.1')).toHaveLength(MAX);
  expect(text('.1')).toMatch(/the end\n$/);
});

test("log and archives are their user's alone, whoever made them", () => {
  for (const end of ['', '.1', '.2']) {
    writeFileSync(`${path}${end}`, 'x'.repeat(2 * MAX));
    chmodSync(`${path}${end}`, 0o666);
  }
  makeArchivesPrivate(path);
  expect([mode('.1'), mode('.2')]).toEqual([0o600, 0o600]);
  const umask = process.umask(0);
  try {
    bound();
  } finally {
    process.umask(umask);
  }
  expect([mode(), mode('.1'), mode('.2')]).toEqual([0o600, 0o600, 0o600]);
});

describe('what is no plain file is left alone', () => {
  test.each([
    ['a link', () => symlinkSync(sandbox.at('diary'), path)],
    ['a pipe', () => void execFileSync('mkfifo', [path])],
    ['a folder', () => mkdirSync(path)],
  ])('%s', (_, make) => {
    writeFileSync(sandbox.at('diary'), 'x'.repeat(5 * MAX));
    make();
    const before = lstatSync(path).mode;
    for (const makes of [false, true])
      expect(() => openLogFile(path, makes)).toThrow('it is not a plain file');
    expect(lstatSync(path).mode).toBe(before);
    expect(readFileSync(sandbox.at('diary'), 'utf8')).toBe('x'.repeat(5 * MAX));
  });
});

describe('where no archive can be made, the log is cut to its last lines', () => {
  test.each([
    ['.1 is a folder', () => mkdirSync(`${path}.1`)],
    ['.2 is a folder', () => (mkdirSync(`${path}.2`), writeFileSync(`${path}.1`, 'older\n'))],
    ['.1 is a link', () => symlinkSync('/etc/hostname', `${path}.1`)],
    ['.new is a folder', () => mkdirSync(`${path}.new`)],
  ])('%s', (_, make) => {
    writeFileSync(path, `${lines('an older line', 5000)}the end\n`);
    make();
    const before = files();
    expect(bound()).toBeInstanceOf(Error);
    expect(text()).toMatch(/^(an older line\n)+the end\n$/);
    expect(statSync(path).size).toBeLessThanOrEqual(MAX / 2);
    expect(files()).toEqual(before);
  });

  test('the folder is read-only', () => {
    writeFileSync(path, `${lines('an older line', 5000)}the end\n`);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const one of [path, sandbox.path]) chownSync(one, NOBODY, NOBODY);
    chmodSync(sandbox.path, 0o500);
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      expect(bound()).toMatchObject({ code: 'EACCES' });
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(sandbox.path, 0o700);
    }
    expect(text()).toMatch(/^(an older line\n)+the end\n$/);
  });
});

describe('another process that rotates', () => {
  test('is not disturbed', () => {
    writeFileSync(path, 'x'.repeat(2 * MAX));
    writeFileSync(`${path}.new`, 'in the making');
    expect(bound()).toBe(null);
    expect(text()).toHaveLength(2 * MAX);
    expect(text('.new')).toBe('in the making');
  });

  test.each([
    ['before', 0],
    ['from a clock that was ahead', 2 * Date.now()],
  ])('and was killed %s, is no hindrance', (_, atMs) => {
    writeFileSync(path, 'x'.repeat(2 * MAX));
    writeFileSync(`${path}.new`, 'half of');
    utimesSync(`${path}.new`, atMs / 1000, atMs / 1000);
    expect(bound()).toBe(null);
    expect(text('.1')).toHaveLength(2 * MAX);
    expect(files()).toEqual(['hephd.log', 'hephd.log.1']);
  });

  test('and was killed before it truncated, leaves lines twice and loses none', () => {
    writeFileSync(path, lines('once', 2 * MAX));
    writeFileSync(`${path}.new`, lines('once', 2 * MAX));
    linkSync(`${path}.new`, `${path}.1`);
    utimesSync(`${path}.new`, 0, 0);
    bound();
    expect(text('.2') + text('.1')).toBe(lines('once', 4 * MAX));
    expect(files()).toEqual(['hephd.log', 'hephd.log.1', 'hephd.log.2']);
  });
});
