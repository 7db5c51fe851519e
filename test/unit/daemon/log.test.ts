import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Log, type LogOptions } from '#daemon/log.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  path = sandbox.at('hephd.log');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const open = (options: Partial<LogOptions> = {}) =>
  new Log({
    path,
    level: 'info',
    maxBytes: 65_536,
    nowMs: () => Date.parse('2026-11-18T12:00:00Z'),
    ...options,
  });
const text = () => readFileSync(path, 'utf8');

test('an event is one line: time, level, name, fields', () => {
  using log = open();
  log.write('info', 'serving', { pid: 7, socket: '/tmp/x.sock', ready: true, zone: null });
  expect(text()).toBe(
    '2026-11-18T12:00:00.000Z info serving pid=7 socket=/tmp/x.sock ready=true zone=null\n',
  );
});

test.each([
  ['a space', 'a b', '"a b"'],
  ['nothing', '', '""'],
  ['an equals sign', 'a=b', '"a=b"'],
  ['a second line', 'a\n2026 error faked', '"a\\n2026 error faked"'],
  ['a quote', 'a"b', '"a\\"b"'],
  ['a control character', 'a\u001bb', '"a\\u001bb"'],
])('a value with %s cannot pass for something else', (_, value, shown) => {
  using log = open();
  log.write('info', 'event', { value });
  expect(text()).toBe(`2026-11-18T12:00:00.000Z info event value=${shown}\n`);
});

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['error', ['error']],
] as const)('at level %s it holds %j', (level, kept) => {
  using log = open({ level });
  for (const one of ['debug', 'info', 'warn', 'error'] as const) log.write(one, 'event');
  expect(text().match(/(debug|info|warn|error)/g)).toEqual(kept);
});

test('a terminal that watches is told the same lines', () => {
  const shown: string[] = [];
  using log = open({ echo: (line) => void shown.push(line) });
  log.write('debug', 'unseen');
  log.write('warn', 'seen');
  expect(shown.join('')).toBe(text());
  expect(shown).toHaveLength(1);
});

test("it is its user's alone, and goes on where it ended", () => {
  for (const name of ['one', 'two']) {
    using log = open();
    log.write('info', name);
  }
  expect(text()).toMatch(/one\n.*two\n$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

describe('rotation', () => {
  const files = () => readdirSync(sandbox.path).toSorted();

  test('keeps the newest two of the old, and never more than the size in each', () => {
    using log = open({ maxBytes: 1000 });
    for (let i = 0; i < 100; i++) log.write('info', `event-${i}`);
    expect(files()).toEqual(['hephd.log', 'hephd.log.1', 'hephd.log.2']);
    const all = ['.2', '.1', ''].map((end) => readFileSync(`${path}${end}`, 'utf8'));
    for (const part of all) expect(part.length).toBeLessThan(1100);
    const numbers = [...all.join('').matchAll(/event-(\d+)/g)].map((match) => Number(match[1]));
    expect(numbers).toEqual(
      Array.from({ length: numbers.length }, (_, i) => 100 - numbers.length + i),
    );
    for (const name of files()) expect(statSync(sandbox.at(name)).mode & 0o777).toBe(0o600);
  });

  test('leaves the file in the hands of whoever else holds it open, with no hole and no line lost', () => {
    const crash = openSync(path, 'a');
    using log = open({ maxBytes: 1000 });
    for (let i = 0; i < 30; i++) {
      log.write('info', `event-${i}`);
      writeSync(crash, `crash-${i}\n`);
    }
    closeSync(crash);
    expect(files()).toEqual(['hephd.log', 'hephd.log.1']);
    const all = ['.1', ''].map((end) => readFileSync(`${path}${end}`, 'utf8')).join('');
    expect(all).not.toContain('\0');
    for (let i = 0; i < 30; i++) expect(all).toMatch(new RegExp(`event-${i}\\n[^]*crash-${i}\\n`));
  });

  test('that fails takes nobody down, and says in the log why it was cut', () => {
    mkdirSync(`${path}.1`);
    using log = open({ maxBytes: 200 });
    for (let i = 0; i < 30; i++) log.write('info', `event-${i}`);
    expect(text()).toMatch(/warn log-cut why=".*hephd\.log\.1 is not a plain file"\n/);
    expect(text()).toMatch(/event-29\n$/);
  });
});

test.each([
  ['removed', () => rmSync(path)],
  ['moved away', () => renameSync(path, `${path}.mine`)],
])('a log that was %s is made anew', (_, happens) => {
  using log = open();
  log.write('info', 'before');
  happens();
  log.write('info', 'after');
  expect(text()).toMatch(/^[^\n]*after\n$/);
});

test('a value that is longer than any stack is cut, so that no line is larger than a log may be', () => {
  using log = open();
  log.write('error', 'internal', { detail: 'x'.repeat(100_000) });
  expect(text()).toMatch(/x"?\.\.\. \(100000 characters\)"\n$/);
  expect(text().length).toBeLessThan(9000);
});
