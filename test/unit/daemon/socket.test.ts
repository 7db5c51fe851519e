import { execa } from 'execa';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server as NetServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketDialer } from '#client/socket-node.ts';
import { listen, SocketError, type Listener } from '#daemon/socket.ts';
import type { Accept } from '#protocol/transport.ts';
import { Peer } from '../../support/memory-transport.ts';
import { Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
let path: string;
let cleanup: AsyncDisposableStack;
beforeEach(async () => {
  cleanup = new AsyncDisposableStack();
  sandbox = cleanup.use(await Sandbox.make());
  path = sandbox.at('s');
});
afterEach(() => cleanup[Symbol.asyncDispose]());

/** Says a name to whoever connects. */
const saying =
  (name: string): Accept =>
  (connection) => {
    connection.write(`${JSON.stringify({ method: name })}\n`);
    return { data: () => undefined, closed: () => undefined };
  };

async function listening(name: string): Promise<Listener> {
  const listener = await listen(path, saying(name));
  cleanup.defer(() => listener.close());
  return listener;
}

async function whoAnswers(): Promise<string | undefined> {
  using peer = await Peer.dial(socketDialer(path));
  return (await peer.next()).method;
}

/** A socket that a process left behind when it was killed. */
async function staleSocket(): Promise<void> {
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await execa(process.execPath, ['-e', program], { reject: false });
  expect(lstatSync(path).isSocket()).toBe(true);
}

/** A server of another kind, in this process. */
async function occupied(): Promise<NetServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanup.defer(() => void server.close());
  return server;
}

test("a socket is its user's alone, and nothing else is left in its folder", async () => {
  await listening('one');
  expect(await whoAnswers()).toBe('one');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(sandbox.path)).toEqual(['s']);
});

test('closing takes the socket away', async () => {
  (await listening('one')).close();
  expect(readdirSync(sandbox.path)).toEqual([]);
  await expect(whoAnswers()).rejects.toThrow(/ENOENT/);
});

test('a stale socket is replaced', async () => {
  await staleSocket();
  await listening('two');
  expect(await whoAnswers()).toBe('two');
});

test("what a killed daemon of the same pid left half made is in nobody's way", async () => {
  writeFileSync(sandbox.at(`.${process.pid.toString(36)}`), '');
  await listening('two');
  expect(await whoAnswers()).toBe('two');
  expect(readdirSync(sandbox.path)).toEqual(['s']);
});

test('a socket that is answered is refused, and goes on to be', async () => {
  await listening('one');
  await expect(listen(path, saying('two'))).rejects.toThrow(
    `cannot listen on ${path}: another hephd answers there; stop that one first`,
  );
  expect(await whoAnswers()).toBe('one');
});

test('so is one whose holder takes connections and says nothing', async () => {
  await occupied();
  await expect(listen(path, saying('two'))).rejects.toThrow(SocketError);
});

test.each([
  ['a regular file', () => writeFileSync(path, 'dear diary')],
  ['a folder', () => mkdirSync(path)],
  ['a link to a file', () => symlinkSync('/etc/passwd', path)],
])('%s in its place is refused and untouched', async (_, make) => {
  make();
  const before = lstatSync(path);
  await expect(listen(path, saying('one'))).rejects.toThrow(
    `cannot listen on ${path}: something that is not a socket is there; move it away`,
  );
  expect(lstatSync(path)).toEqual(before);
  if (before.isFile()) expect(readFileSync(path, 'utf8')).toBe('dear diary');
});

test('a path that a kernel would cut short is refused, and nothing is made', async () => {
  const long = sandbox.at('é'.repeat(60));
  await expect(listen(long, saying('one'))).rejects.toThrow(
    `cannot listen on ${long}: its path is ${Buffer.byteLength(long)} bytes long, and 103 is the most; set HEPH_SOCKET to a shorter one`,
  );
  expect(readdirSync(sandbox.path)).toEqual([]);
});

test('a folder that is not there is named in the error', async () => {
  const nowhere = sandbox.at('none', 's');
  await expect(listen(nowhere, saying('one'))).rejects.toThrow(`cannot listen on ${nowhere}: `);
});

test("a daemon that leaves late does not take its successor's socket with it", async () => {
  const first = await listening('first');
  renameSync(path, sandbox.at('moved'));
  await listening('second');
  first.close();
  expect(await whoAnswers()).toBe('second');
});

test('connections go on when the listener closes', async () => {
  const listener = await listen(path, (connection) => ({
    data: (chunk) => connection.write(Buffer.from(chunk).toString()),
    closed: () => undefined,
  }));
  using peer = await Peer.dial(socketDialer(path));
  listener.close();
  peer.say({ method: 'still there' });
  expect(await peer.next()).toMatchObject({ method: 'still there' });
});
