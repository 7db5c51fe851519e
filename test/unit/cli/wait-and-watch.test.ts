import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '#cli/main.ts';
import { listen } from '#daemon/socket.ts';
import { PROTOCOL, VERSION } from '#protocol/version.ts';
import { scriptedDialer, type Peer, type Script } from '../../support/memory-transport.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let cleanup: AsyncDisposableStack;
beforeEach(async () => {
  cleanup = new AsyncDisposableStack();
  sandbox = cleanup.use(await Sandbox.make());
});
afterEach(() => cleanup[Symbol.asyncDispose]());

async function heph(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  const none = () => Promise.reject(new Error('not here'));
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
    edit: none,
    openLog: none,
    isReaderGone: () => true,
    readStdin: () => '',
    readText: none,
    readFolder: none,
    isFolder: async () => false,
    writeFile: none,
    writeFolder: none,
  });
  return { code, stdout, stderr };
}

async function answering(script: Script): Promise<{ close: () => void; asked: string[] }> {
  const { accept, asked } = scriptedDialer(script);
  const listener = await listen(sandbox.at('s'), accept);
  cleanup.defer(() => listener.close());
  return {
    close: () => listener.close(),
    get asked() {
      return asked.map(({ method }) => method ?? '');
    },
  };
}

test.each([
  [['watch', '--since', 'yesterday'], 'cannot begin after "yesterday"'],
  [['watch', '--since', '1.5'], 'cannot begin after "1.5"'],
  [['watch', '--since', ''], 'cannot begin after ""'],
  [['watch', '--since=-1'], 'cannot begin after "-1"'],
  [['wait', 'ABCD', '--timeout', '10'], 'cannot wait for "10"'],
  [['wait', 'ABCD', '--timeout', '0s'], 'cannot wait for "0s"'],
  [['wait', 'ABCD', '--timeout', '25d'], 'cannot wait for "25d"'],
  [['wait', 'ABCD', '--timeout', 'soon'], 'cannot wait for "soon"'],
  [['wait', 'ABCD', '--state', 'finished'], 'cannot use "finished" as --state'],
  [['wait', 'ABCD', '--state', 'done,'], 'cannot use "" as --state'],
])('%j is wrong usage, and nobody is asked', async (args, says) => {
  const ran = await heph(...args);
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr.startsWith(says)).toBe(true);
  const asJson = await heph(...args, '--json');
  expect(asJson).toMatchObject({ code: 2, stderr: '' });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'usage' } });
});

/** Greets, and answers what is asked for until a method that it leaves at. */
const serving =
  (state: string, leavesAt: string, onLeave: () => void): Script =>
  async (daemon: Peer) => {
    daemon.hello(PROTOCOL, VERSION);
    await daemon.next();
    let isWatched = false;
    for (;;) {
      const { id, method } = await daemon.next();
      if (method === leavesAt && isWatched) {
        onLeave();
        daemon.hangUp();
        return;
      }
      if (method === 'history.watch') isWatched = true;
      const row = { node_id: 'A', title: 'Ring Jo', state, body: '' };
      daemon.say({ id, result: method === 'history.watch' ? { seq: 7 } : row });
    }
  };

test('a daemon that is killed just when it is asked for the task is waited for', async () => {
  const isGone = Promise.withResolvers<void>();
  const first = await answering(
    serving('outstanding', 'task.show', () => {
      first.close();
      isGone.resolve();
    }),
  );
  const waiting = heph('wait', 'A');
  await isGone.promise;
  // Nobody is there for a while: what is asked in it fails.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = await answering(serving('done', 'nothing', () => undefined));
  expect(await waiting).toEqual({ code: 0, stdout: 'done A Ring Jo\n', stderr: '' });
  expect(second.asked).toEqual(['history.watch', 'task.show']);
});
