import { symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Invocation } from '#cli/command.ts';
import { runCli } from '#cli/main.ts';
import { listen } from '#daemon/socket.ts';
import { VERSION } from '#protocol/version.ts';
import { scriptedDialer, type Script } from '../../support/memory-transport.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let cleanup: AsyncDisposableStack;
beforeEach(async () => {
  cleanup = new AsyncDisposableStack();
  sandbox = cleanup.use(await Sandbox.make());
});
afterEach(() => cleanup[Symbol.asyncDispose]());

/** Run a command line against whatever is in the sandbox. */
async function heph(argv: string[], more: Partial<Invocation> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await runCli({
    argv,
    env: { HEPH_SOCKET: sandbox.at('s') },
    home: sandbox.path,
    cwd: sandbox.path,
    platform: 'linux',
    uid: 1000,
    program: { executable: '/usr/bin/node', script: '/heph.js' },
    columns: null,
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    isInteractive: false,
    edit: () => Promise.reject(new Error('nobody edits here')),
    openLog: () => Promise.reject(new Error('no log here')),
    isReaderGone: () => true,
    readStdin: () => '',
    readText: () => Promise.reject(new Error('no file here')),
    readFolder: () => Promise.reject(new Error('no folder here')),
    isFolder: async () => false,
    writeFile: () => Promise.reject(new Error('no file here')),
    writeFolder: () => Promise.reject(new Error('no folder here')),
    ...more,
  });
  return { code, stdout, stderr };
}

/** Somebody who listens on the socket and follows a script. */
async function answering(script: Script): Promise<void> {
  const { accept } = scriptedDialer(script);
  const listener = await listen(sandbox.at('s'), accept);
  cleanup.defer(() => listener.close());
}

describe('what is asked for goes to stdout', () => {
  test.each([
    [['--version'], `heph ${VERSION} (working tree)\n`],
    [['-V'], `heph ${VERSION} (working tree)\n`],
  ])('%j', async (argv, stdout) => {
    expect(await heph(argv)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test.each([
    [['--help'], /^heph: .*\n[^]*\n {2}next +Show what is next\n[^]*\n {2}daemon start +/],
    [['help', 'project'], /^Usage: heph project COMMAND \[options\]\n[^]*\n {2}project list +/],
    [['help', 'task'], /^File a task\.\n[^]*\nUsage: heph task TITLE \[options\]\n[^]*--do-date D/],
    [['done', '--help'], /\nUsage: heph done ID\.\.\. \[options\]\n/],
  ])('%j', async (argv, stdout) => {
    const ran = await heph(argv);
    expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(stdout), stderr: '' });
  });
});

describe('an error', () => {
  test('goes to stderr, the hint on a line of its own, and nothing to stdout', async () => {
    expect(await heph(['next'])).toEqual({
      code: 3,
      stdout: '',
      stderr: `cannot reach hephd: nobody answers on ${sandbox.at('s')}\nstart it with: hephd --socket ${sandbox.at('s')} --db FILE\n`,
    });
  });

  test.each([
    [
      ['next', '--json'],
      3,
      {
        code: 'no_daemon',
        message: expect.stringMatching(/^cannot reach hephd/),
        hint: expect.stringMatching(/^start it with: hephd --socket .*\/s --db FILE$/),
      },
    ],
    [
      ['nxt', '--json'],
      2,
      {
        code: 'usage',
        message: 'cannot run heph nxt: there is no such command',
        hint: 'did you mean: heph next',
      },
    ],
    [
      ['--json'],
      2,
      {
        code: 'usage',
        message: 'cannot run heph --json: there is no such command',
        hint: 'see: heph --help',
      },
    ],
    [
      ['help', 'nxt', '--json'],
      2,
      {
        code: 'usage',
        message: expect.stringMatching(/^cannot help with "nxt/),
        hint: 'see: heph --help',
      },
    ],
    [
      ['edit', 'AAAA', '--json'],
      2,
      {
        code: 'usage',
        message: 'cannot open an editor: this is no terminal',
        hint: 'name what to change; see: heph help edit, heph help context',
      },
    ],
  ])('with --json is one document on stdout: %j', async (argv, code, error) => {
    const ran = await heph(argv);
    expect({ ...ran, stdout: JSON.parse(ran.stdout) }).toEqual({
      code,
      stdout: { error },
      stderr: '',
    });
  });

  test.each([
    [['done', ''], 'cannot find "": an id is needed\nsee: heph help done\n'],
    [
      ['search', 'x'.repeat(1001)],
      'cannot look for 1001 characters: 1000 is the most\nlook for fewer words\n',
    ],
    [
      ['list', '--grep', 'x'.repeat(1001)],
      'cannot look for 1001 characters: 1000 is the most\nlook for fewer words\n',
    ],
  ])('in what is asked is said before anybody is asked: %j', async (argv, stderr) => {
    expect(await heph(argv)).toEqual({ code: 2, stdout: '', stderr });
  });

  test('of a word after -- is not JSON', async () => {
    expect(await heph(['task', '--', '--json'])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('words that make no sense are refused without asking anybody', () => {
  test.each([
    [
      ['task', 'x', '--attention', 'purple'],
      'cannot use "purple" as --attention: it is one of red, orange, white, blue',
    ],
    [
      ['list', '--state', 'open'],
      'cannot use "open" as --state: it is one of outstanding, done, dropped',
    ],
    [['next', '-n', '0'], 'cannot show "0" of them: -n takes a number from 1 to 1000'],
    [['next', '-n', '1.5'], 'cannot show "1.5" of them: -n takes a number from 1 to 1000'],
    [['next', '-n', ''], 'cannot show "" of them: -n takes a number from 1 to 1000'],
    [
      ['context', 'AAAA', '--append', 'x', '--body', 'y'],
      'cannot change a text in two ways at once',
    ],
  ])('%j', async (argv, message) => {
    const ran = await heph(argv);
    expect(ran.code).toBe(2);
    expect(ran.stderr.split('\n')[0]).toBe(message);
  });

  test.each([
    ['none', {}, 'heph daemon start'],
    ['an empty one', { HEPH_SOCKET: '' }, 'heph daemon start'],
    ['the installed one', { HEPH_SOCKET: '.local/share/heph/hephd.sock' }, 'heph daemon start'],
    ['no store', { HEPH_SOCKET: 'a' }, 'hephd --socket HERE/a --db FILE'],
    ['a store', { HEPH_SOCKET: 'a', HEPH_DB: 'b' }, 'hephd --socket HERE/a --db HERE/b'],
  ])('the way to start it where the variables name %s', async (_, env, command) => {
    const { stderr } = await heph(['next'], { env });
    const hint = stderr.split('\n')[1]?.replaceAll(sandbox.path, 'HERE');
    expect(hint).toBe(`start it with: ${command}`);
  });

  test('a socket whose path is too long', async () => {
    const socket = `/tmp/${'x'.repeat(120)}`;
    const ran = await heph(['next'], { env: { HEPH_SOCKET: socket } });
    expect(ran).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^cannot use .* as a socket: its path is 125 bytes long/),
    });
  });
});

describe('somebody else on the socket', () => {
  test('who is of another protocol', async () => {
    await answering((daemon) => daemon.hello(99));
    expect(await heph(['next'])).toMatchObject({
      code: 1,
      stderr:
        'cannot talk to hephd 0.0.0-test: it speaks protocol 99, this heph 1\nbring them together with: heph daemon restart\n',
    });
  });

  test('who is no hephd', async () => {
    await answering((daemon) => daemon.send('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await heph(['next', '--json'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('"code":"bad_socket"'),
    });
  });

  test('who is of another version is heard, and the version noted once, on stderr', async () => {
    await answering(async (daemon) => {
      daemon.hello();
      await daemon.next();
      const { id } = await daemon.next();
      daemon.say({ id, result: { today: '2026-11-18', rows: [] } });
    });
    expect(await heph(['next', '--json'])).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: `running 0.0.0-test, installed ${VERSION}: heph daemon restart\n`,
    });
  });

  test('who has much to do first is waited for, and that is noted once, on stderr', async () => {
    await answering(async (daemon) => {
      daemon.hello(1, VERSION);
      await daemon.next();
      const { id } = await daemon.next();
      for (const done of [0, 0.5])
        daemon.say({ method: 'progress', params: { id, done, total: 1 } });
      daemon.say({ id, error: { code: -32_000, message: '', data: { code: 'store_full' } } });
    });
    expect(await heph(['task', 'x'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^waiting: hephd is at work on something large\ncannot [^\n]+\n/,
      ),
    });
  });

  test.each([
    ['has just come', 'versions/0.0.0-test', 0],
    ['is about to go', 'versions/0.9.0', Date.now() + 60_000],
  ])('who is of a version that %s is no news', async (_, current, untilMs) => {
    await answering(async (daemon) => {
      daemon.hello();
      await daemon.next();
      const { id } = await daemon.next();
      daemon.say({ id, result: { today: '2026-11-18', rows: [] } });
    });
    const env = { HEPH_SOCKET: sandbox.at('s'), HEPH_DB: sandbox.at('heph.db') };
    symlinkSync(current, sandbox.at('current'));
    writeFileSync(sandbox.at('hand-over.json'), JSON.stringify({ until_ms: untilMs }));
    const program = { executable: sandbox.at(`versions/${VERSION}/bin/heph`), script: null };
    expect(await heph(['next', '--json'], { env, program })).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });

  test('a file in its place is nobody', async () => {
    writeFileSync(sandbox.at('s'), 'dear diary');
    expect(await heph(['next'])).toMatchObject({ code: 3 });
  });
});
