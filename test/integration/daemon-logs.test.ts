import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendBounded } from '#daemon/log.ts';
import { builds } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  mkdirSync(sandbox.at('.local/share/heph'), { recursive: true });
  path = sandbox.at('.local/share/heph/hephd.log');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
const write = (end: string, lines: string[]) =>
  writeFileSync(`${path}${end}`, `${lines.join('\n')}\n`);

describe.each(builds)('heph daemon logs ($name)', ({ command: [program, ...words] }) => {
  /** With no daemon, no manager, and nothing on PATH. */
  const options = (env: Record<string, string> = {}) => ({
    env: { HOME: sandbox.path, PATH: '/nowhere', ...env },
    extendEnv: false,
    reject: false,
  });
  const logs = (args: string[], env?: Record<string, string>) =>
    execa(program, [...words, 'daemon', 'logs', ...args], options(env));
  const follow = (args: string[] = []) => {
    const process = logs(['-f', ...args]);
    let text = '';
    process.stdout.on('data', (more) => (text += String(more)));
    const shows = async (lines: string[]) => {
      const shown = lines.map((line) => `${line}\n`).join('');
      await expect.poll(() => text, { timeout: 20_000 }).toBe(shown);
    };
    return { process, shows };
  };

  test('shows the last 20 lines, or as many as are asked for, from the archives too', async () => {
    write('.2', numbered(1, 10));
    write('.1', numbered(11, 30));
    write('', numbered(31, 40));
    expect(await logs([])).toMatchObject({ exitCode: 0, stdout: numbered(21, 40).join('\n') });
    expect((await logs(['-n', '1'])).stdout).toBe('line 40');
    expect((await logs(['--lines', '35'])).stdout).toBe(numbered(6, 40).join('\n'));
    expect((await logs(['-n', '999'])).stdout).toBe(numbered(1, 40).join('\n'));
    expect(JSON.parse((await logs(['-n', '2', '--json'])).stdout)).toEqual({
      log: path,
      lines: ['line 39', 'line 40'],
    });
  });

  test('no log yet is no error: it says where it would be', async () => {
    rmSync(sandbox.at('.local'), { recursive: true });
    expect(await logs([])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `there is no log yet; hephd will write it to ${path}`,
    });
    expect(JSON.parse((await logs(['--json'])).stdout)).toEqual({ log: path, lines: [] });
  });

  test('what could steer a terminal is shown, not sent', async () => {
    writeFileSync(path, 'a\u001b[2Jb\u0007\u009bc\r\u0000\n');
    expect((await logs([])).stdout).toBe('a<1B>[2Jb<07><9B>c<0D><00>');
  });

  test.each([
    [['-n', 'all'], 2, 'usage'],
    [['-n', '-1'], 2, 'usage'],
    [['-n', '1.5'], 2, 'usage'],
    [[], 1, 'log_unreadable'],
    [['-f'], 1, 'log_unreadable'],
  ])('%j, where the log is a folder: exit %i', async (args, exitCode, code) => {
    mkdirSync(path);
    const plain = await logs(args);
    expect(plain).toMatchObject({ exitCode, stdout: '' });
    expect(plain.stderr).toMatch(/^cannot /);
    const json = await logs([...args, '--json']);
    expect(json).toMatchObject({ exitCode, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code } });
  });

  test('variables that point elsewhere do not apply, and it says so', async () => {
    write('', ['here']);
    const env = { HEPH_SOCKET: '/elsewhere/s', HEPH_DB: '/elsewhere/heph.db' };
    expect(await logs([], env)).toMatchObject({
      stdout: 'here',
      stderr: 'heph daemon manages the installed hephd: HEPH_SOCKET, HEPH_DB do not apply',
    });
  });

  test('-f waits for a log, and loses and doubles nothing while it is rotated under it', async () => {
    const { process, shows } = follow(['-n', '0']);
    await once(process.stderr, 'data');
    const say = (line: string) =>
      appendBounded({ path, maxBytes: 20_000, nowMs: Date.now }, `${line}\n`);
    const lines = numbered(1, 5000);
    for (const [i, line] of lines.entries()) {
      say(line);
      // Now and then, so that no more than two archives are written between two looks.
      if (i % 1000 === 999) await shows(lines.slice(0, i + 1));
    }
    expect(statSync(`${path}.2`).size).toBeLessThanOrEqual(20_000);
    expect(readFileSync(path, 'utf8')).not.toContain('\0');
    process.kill('SIGINT');
    expect(await process).toMatchObject({ signal: 'SIGINT', stderr: expect.any(String) });
  });

  test('-f --json is one object a line', async () => {
    write('', ['a "word"']);
    const { process, shows } = follow(['--json']);
    await shows(['{"line":"a \\"word\\""}']);
    appendFileSync(path, 'more\n');
    await shows(['{"line":"a \\"word\\""}', '{"line":"more"}']);
    process.kill('SIGINT');
    await process;
  });

  test('-f ends quietly at the first line that nobody reads any more', async () => {
    write('', numbered(1, 3));
    const command = [program, ...words].map((word) => `'${word}'`).join(' ');
    const script = `{ ${command} daemon logs -f; echo "exit $?" >&2; } | /usr/bin/head -n 1`;
    const ended = execa('/bin/sh', ['-c', script], options());
    const writing = setInterval(() => appendFileSync(path, 'more\n'), 50);
    expect(await ended).toMatchObject({ stdout: 'line 1', stderr: 'exit 0' });
    clearInterval(writing);
  });
});
