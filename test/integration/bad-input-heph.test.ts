import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '#daemon/socket.ts';
import { VERSION } from '#protocol/version.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn, type Heph } from '../support/heph.ts';
import { scriptedDialer, type Script } from '../support/memory-transport.ts';
import { Sandbox } from '../support/sandbox.ts';

interface Failure {
  error: { code: string; message: string; hint: string | null };
}

/** Each twice: in words on stderr, and with --json as the one document on stdout. */
async function fails(
  heph: Heph,
  args: string[],
  exit: number,
  code: string,
  message: string | RegExp,
  hint?: string,
): Promise<void> {
  const [words, json] = await Promise.all([
    heph(args),
    heph([args[0] ?? '', ...args.slice(1), '--json']),
  ]);
  expect(words).toMatchObject({ code: exit, stdout: '' });
  const [first = '', ...more] = words.stderr.trimEnd().split('\n');
  expect(first).toMatch(/^cannot /);
  expect(first).toMatch(message);
  expect(json).toMatchObject({ code: exit, stderr: '' });
  const { error } = json.json<Failure>();
  expect(error.code).toBe(code);
  expect([error.message, ...(error.hint === null ? [] : [error.hint])].join('\n')).toBe(
    [first, ...more].join('\n'),
  );
  if (hint !== undefined) expect(error.hint).toBe(hint);
}

describe.each(builds)('what heph ($name) cannot make sense of', (build) => {
  let daemon: Daemon;
  let heph: Heph;
  beforeAll(async () => {
    daemon = await startDaemon();
    heph = hephOn(daemon.socket, build);
    await heph(['task', 'Kept', '--key', 'kept']);
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  test.each([
    [
      'an unknown command',
      ['frobnicate'],
      2,
      'usage',
      'cannot run heph frobnicate: there is no such command',
      'see: heph --help',
    ],
    [
      'a command nearly right',
      ['nxt'],
      2,
      'usage',
      'cannot run heph nxt',
      'did you mean: heph next',
    ],
    [
      'an unknown option',
      ['next', '--frob'],
      2,
      'usage',
      "unknown option '--frob'",
      'see: heph help next',
    ],
    [
      'a word missing',
      ['done'],
      2,
      'usage',
      'cannot run heph done: ID is missing',
      'see: heph help done',
    ],
    [
      'an unknown id',
      ['show', 'ZZZZ'],
      1,
      'not_found',
      'cannot find the task "ZZZZ"',
      'ids are in: heph list --all',
    ],
    ['no id at all', ['show', '!'], 1, 'not_found', 'cannot find the task "!"', undefined],
    [
      'a date that is none',
      ['task', 'x', '--do-date', 'someday'],
      2,
      'bad_date',
      'cannot read "someday" as a date for --do-date',
      undefined,
    ],
    [
      'a day of the journal that is none',
      ['journal', 'last friday', '--edit'],
      2,
      'bad_date',
      'cannot read "last friday" as a date for DATE',
      undefined,
    ],
    [
      'a date past the calendar',
      ['task', 'x', '--late-on', '+99999y'],
      2,
      'bad_date',
      'cannot read "+99999y" as a date for --late-on',
      undefined,
    ],
    [
      'an unknown project',
      ['task', 'x', '--project', 'Nowhere'],
      1,
      'not_found',
      'cannot find the project "Nowhere"',
      'make it with: heph project add "Nowhere"',
    ],
    [
      'a list of an unknown project',
      ['list', '--project', 'Nowhere'],
      1,
      'not_found',
      'cannot find the project "Nowhere"',
      undefined,
    ],
    [
      'an attention that is none',
      ['task', 'x', '--attention', 'purple'],
      2,
      'usage',
      'cannot use "purple" as --attention',
      undefined,
    ],
    [
      'a title that is empty',
      ['task', ' '],
      2,
      'bad_value',
      'cannot use " " as a title: it must be some text',
      undefined,
    ],
    [
      'a title that steers',
      ['task', 'a\u001b[2Jb'],
      2,
      'bad_value',
      'cannot use "a<1B>[2Jb" as a title',
      undefined,
    ],
    [
      'a title that is too long',
      ['task', 'x'.repeat(1001)],
      2,
      'too_long',
      'cannot take a title of 1001 characters: 1000 is the most',
      undefined,
    ],
    [
      'nothing to change',
      ['edit', 'ZZZZ'],
      2,
      'usage',
      'cannot open an editor: this is no terminal',
      undefined,
    ],
  ] as const)('%s', async (_, args, exit, code, message, hint) => {
    await fails(heph, [...args], exit, code, message, hint);
  });

  test('and nothing of it was filed', async () => {
    expect((await heph(['list', '--all', '--json'])).json()).toMatchObject([{ title: 'Kept' }]);
  });

  test.each([
    [['task', 'x', '--context', '-']],
    [['log', 'kept', '-']],
    [['context', 'kept', '--body', '-']],
    [['doc', 'new', 'x', '--body', '-']],
  ])('%j of what is no UTF-8 text: nothing of it is filed', async (args) => {
    const [{ node_id: id } = { node_id: '' }] = (await heph(['list', '--json'])).json<
      { node_id: string }[]
    >();
    const words = args.map((word) => (word === 'kept' ? id : word));
    const ran = await heph(words, { input: Buffer.from('caf\xe9\n', 'latin1') });
    expect(ran).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'cannot read standard input: it is not UTF-8 text\n',
    });
    expect((await heph(['history', '--json'])).json()).toHaveLength(1);
  });

  test('more than a message may be, from standard input', async () => {
    const ran = await heph(['task', 'x', '--context', '-', '--json'], {
      input: 'x'.repeat(17 * 1024 * 1024),
    });
    expect(ran.code).toBe(2);
    expect(ran.json<Failure>().error).toMatchObject({
      code: 'message_too_long',
      message: expect.stringMatching(/^cannot send \d+ bytes: 16777216 is the most$/),
    });
  });
});

describe.each(builds)('heph ($name) where no daemon of its kind is', (build) => {
  async function at(
    make: (socket: string) => unknown,
  ): Promise<AsyncDisposable & { socket: string; heph: Heph }> {
    const sandbox = await Sandbox.make();
    const socket = sandbox.at('s');
    const made: unknown = await make(socket);
    return {
      socket,
      heph: hephOn(socket, build),
      [Symbol.asyncDispose]: async () => {
        (made as { close?(): void } | undefined)?.close?.();
        await sandbox[Symbol.asyncDispose]();
      },
    };
  }
  const daemonThat = (script: Script) =>
    at((socket) => listen(socket, scriptedDialer(script).accept));

  test('nobody listens: exit 3, by the name of the socket, with the cure', async () => {
    await using place = await at(() => undefined);
    await fails(
      place.heph,
      ['next'],
      3,
      'no_daemon',
      `cannot reach hephd: nobody answers on ${place.socket}`,
      `start it with: hephd --socket ${place.socket} --db FILE`,
    );
  });

  test('a regular file is in its place: the same, and the file is untouched', async () => {
    await using place = await at((socket) => writeFileSync(socket, 'dear diary'));
    await fails(place.heph, ['next'], 3, 'no_daemon', `nobody answers on ${place.socket}`);
  });

  test('the path of its socket is too long: exit 2', async () => {
    const socket = `/tmp/${'x'.repeat(99)}`;
    await fails(
      hephOn(socket, build),
      ['next'],
      2,
      'bad_socket',
      `cannot use ${socket} as a socket: its path is 104 bytes long, and 103 is the most`,
    );
  });

  test('the daemon speaks another protocol: both are named, with the cure', async () => {
    await using place = await daemonThat((daemon) => daemon.hello(99));
    await fails(
      place.heph,
      ['next'],
      1,
      'protocol_mismatch',
      'cannot talk to hephd 0.0.0-test: it speaks protocol 99, this heph 1',
      'bring them together with: heph daemon restart',
    );
  });

  test('whoever listens is no hephd', async () => {
    await using place = await daemonThat((daemon) => daemon.send('220 mail.example.org ESMTP\r\n'));
    await fails(
      place.heph,
      ['next'],
      2,
      'bad_socket',
      `cannot use ${place.socket} as a socket: whoever answers there is not hephd`,
    );
  });

  test('the daemon dies with the request in its hands, and nobody comes: the change may have been made', async () => {
    await using place = await daemonThat(async (daemon) => {
      daemon.hello(1, VERSION);
      await daemon.next();
      await daemon.next();
      daemon.hangUp();
    });
    await fails(
      place.heph,
      ['task', 'x'],
      3,
      'no_daemon',
      'cannot reach hephd: lost hephd, which may have made the change; nobody answers',
    );
  });
});
