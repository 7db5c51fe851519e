import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runHephd, startDaemon } from '../support/daemon.ts';
import { Sandbox } from '../support/sandbox.ts';

const MAX = 65_536;

let sandbox: Sandbox;
let log: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  log = sandbox.at('hephd.log');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const config = (text: string) => {
  mkdirSync(sandbox.at('.config/heph'), { recursive: true });
  writeFileSync(sandbox.at('.config/heph/config.toml'), text);
};
const ends = () => readdirSync(sandbox.path).filter((name) => name.startsWith('hephd.log'));
const sizes = () =>
  Object.fromEntries(ends().map((name) => [name, statSync(sandbox.at(name)).size]));

/** Started as a manager does it: stdout and stderr are the log, open for appending. */
async function underManager(args: string[], env: Record<string, string> = {}) {
  const fd = openSync(log, 'a', 0o644);
  try {
    const child = spawn(process.execPath, [`${process.cwd()}/src/bin/hephd.ts`, ...args], {
      cwd: sandbox.path,
      env: { HOME: sandbox.path, PATH: process.env['PATH'], ...env },
      stdio: ['ignore', fd, fd],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  } finally {
    closeSync(fd);
  }
}
const paths = () => ['--db', sandbox.at('heph.db'), '--socket', sandbox.at('s')];

test('settings that cannot be read: the log is bounded by default, and the reason is its last line', async () => {
  config('log.level = "loud"');
  appendFileSync(log, 'x'.repeat(5 * 1024 * 1024 + 1));
  chmodSync(log, 0o644);
  expect(await underManager(paths())).toBe(78);
  expect(ends()).toEqual(['hephd.log', 'hephd.log.1']);
  expect(readFileSync(log, 'utf8')).toMatch(/^cannot use .*config\.toml, line 1: log\.level/);
  for (const name of ends()) expect(statSync(sandbox.at(name)).mode & 0o777).toBe(0o600);
});

test('settings that can be read bound it as they say', async () => {
  config(`log.max_bytes = ${MAX}`);
  mkdirSync(sandbox.at('s'));
  appendFileSync(log, 'x'.repeat(MAX + 1));
  expect(await underManager(paths())).toBe(78);
  expect(sizes()['hephd.log.1']).toBe(MAX + 1);
  expect(sizes()['hephd.log']).toBeLessThan(1000);
});

test('words that make no sense: it is bounded if it is where they are printed, else left alone', async () => {
  appendFileSync(log, 'x'.repeat(6 * 1024 * 1024));
  const env = { HEPH_DB: sandbox.at('heph.db'), HEPH_SOCKET: sandbox.at('s') };
  expect((await runHephd(['--nonsense'], { folder: sandbox.path, env })).code).toBe(2);
  expect(ends()).toEqual(['hephd.log']);
  expect(await underManager(['--nonsense'], env)).toBe(2);
  expect(ends()).toEqual(['hephd.log', 'hephd.log.1']);
});

test('asked for its version, it touches nothing', async () => {
  appendFileSync(log, 'x'.repeat(6 * 1024 * 1024));
  await runHephd([...paths(), '--version'], { folder: sandbox.path });
  expect(ends()).toEqual(['hephd.log']);
});

test('a log that is no plain file: it says so, and serves', async () => {
  mkdirSync(log);
  const daemon = await startDaemon({ folder: sandbox.path });
  const { code, stderr } = await daemon.kill('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toBe(
    `cannot log to ${log}: it is not a plain file; remove or mend it, hephd goes on without`,
  );
});

test('a daemon that loses the lock may rotate the log of the one that serves: no line is lost', async () => {
  await using daemon = await startDaemon({ folder: sandbox.path });
  appendFileSync(log, `${'x'.repeat(6 * 1024 * 1024)}\n`);
  const losers = await Promise.all(
    Array.from({ length: 3 }, () => runHephd(paths(), { folder: sandbox.path })),
  );
  expect(losers.map(({ code }) => code)).toEqual([78, 78, 78]);
  expect(ends()).toEqual(['hephd.log', 'hephd.log.1']);
  expect(readFileSync(`${log}.1`, 'utf8')).toMatch(/^\S+ info serving .*\nx+\n$/);
  await daemon.kill('SIGTERM');
  expect(readFileSync(log, 'utf8')).toMatch(/^\S+ info draining .*\n\S+ info stopped .*\n$/);
});

/** Processes that rotate the log, all at the same word. */
function rotators(count: number, maxBytes: number) {
  const script = `import { appendBounded } from '${process.cwd()}/src/daemon/log.ts';
    process.stdin.on('data', () => {
      appendBounded({ path: '${log}', maxBytes: ${maxBytes}, nowMs: Date.now }, null);
      process.stdout.write('done');
    });`;
  const words = ['--input-type=module-typescript', '-e', script];
  const all = Array.from({ length: count }, () => spawn(process.execPath, words));
  return {
    rotate: () =>
      Promise.all(
        all.map((each) => {
          each.stdin.write('now');
          return once(each.stdout, 'data');
        }),
      ),
    [Symbol.dispose]: () => all.forEach((each) => void each.stdin.end()),
  };
}

test('several rotate at once, time and again: every line is in its archive, once (F)', async () => {
  using processes = rotators(3, MAX);
  let before = '';
  for (let round = 0; round < 20; round++) {
    const lines = `round ${round}\n`.repeat(MAX / 8 + 1);
    appendFileSync(log, lines);
    await processes.rotate();
    expect(sizes()['hephd.log']).toBe(0);
    expect(readFileSync(`${log}.1`, 'utf8') === lines).toBe(true);
    if (round > 0) expect(readFileSync(`${log}.2`, 'utf8') === before).toBe(true);
    before = lines;
  }
  expect(ends()).toEqual(['hephd.log', 'hephd.log.1', 'hephd.log.2']);
});

test("what comes through another process's descriptor after a rotation begins the short file", async () => {
  const fd = openSync(log, 'a');
  // As the manager holds it: opened before, by nobody who rotates.
  const script = 'while read -r line; do echo "$line"; echo "told $line" >&3; done';
  const crash = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', fd, fd, 'pipe'] });
  closeSync(fd);
  const say = async (line: string) => {
    crash.stdin?.write(`${line}\n`);
    await once(crash.stdio[3] as Readable, 'data');
  };
  using processes = rotators(1, MAX);
  for (let round = 0; round < 3; round++) {
    await say(`last words ${round}`);
    appendFileSync(log, `${'x'.repeat(MAX)}\n`);
    await processes.rotate();
    expect(readFileSync(`${log}.1`, 'utf8')).toContain(`last words ${round}\nx`);
    await say(`first words ${round}`);
    expect(readFileSync(log, 'utf8')).toBe(`first words ${round}\n`);
  }
  crash.stdin?.end();
  await once(crash, 'exit');
});
