import { chmodSync, lstatSync, renameSync, rmSync, unlinkSync, type Stats } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { socketPathProblem } from '#config/paths.ts';
import type { Accept, Accepted } from '#protocol/transport.ts';

/** A socket that cannot be listened on; nothing was touched. */
export class SocketError extends Error {}

/** How long somebody who may hold the socket has to take a connection. */
const PROBE_MS = 2000;
/** How many may wait to be let in; the kernel may allow fewer. Node asks for 511 where nothing is said. */
const BACKLOG = 4096;

/**
 * Listen on a unix socket that only this user can open. The caller holds the
 * store's lock, so whatever lies at `path` and does not answer is stale.
 *
 * It is bound under another name and renamed into place: it appears with its
 * final mode, replaces a stale one in one step, and the runtime, which unlinks
 * the name it bound when it closes, cannot remove a successor's.
 * @throws {SocketError}
 */
export async function listen(path: string, accept: Accept): Promise<Listener> {
  const problem = socketPathProblem(path);
  if (problem !== null) throw new SocketError(`cannot listen on ${path}: ${problem}`);
  const folder = dirname(path);
  // The runtime calls it a lack of permission.
  if (lstatIfThere(folder) === undefined) {
    const why = `there is no folder ${folder}; make it, or name another with --socket`;
    throw new SocketError(`cannot listen on ${path}: ${why}`);
  }
  await refuseOccupied(path);
  const bound = join(folder, `.${process.pid.toString(36)}`);
  const tooLong = socketPathProblem(bound);
  if (tooLong !== null) throw new SocketError(`cannot listen on ${path}: ${tooLong}`);
  // Killed here, a daemon leaves it behind; in a container the next one has the same pid.
  rmSync(bound, { force: true });
  const server = createServer({ allowHalfOpen: false }, (socket) => adapt(socket, accept));
  await listening(server, bound, path);
  chmodSync(bound, 0o600);
  const mine = lstatSync(bound);
  renameSync(bound, path);
  return new Listener(server, path, mine);
}

/** A socket being listened on. Closing it takes no new connections and leaves the others alone. */
export class Listener {
  readonly #server: Server;
  readonly #path: string;
  readonly #mine: Stats;

  constructor(server: Server, path: string, mine: Stats) {
    this.#server = server;
    this.#path = path;
    this.#mine = mine;
  }

  close(): void {
    this.#server.close();
    const there = lstatIfThere(this.#path);
    if (there && there.ino === this.#mine.ino && there.dev === this.#mine.dev)
      unlinkSync(this.#path);
  }
}

async function refuseOccupied(path: string): Promise<void> {
  const there = lstatIfThere(path);
  if (!there) return;
  const cannot = (why: string) => new SocketError(`cannot listen on ${path}: ${why}`);
  if (!there.isSocket()) throw cannot('something that is not a socket is there; move it away');
  if (there.uid !== process.geteuid?.()) throw cannot('the socket there belongs to another user');
  if (await answers(path)) throw cannot('another hephd answers there; stop that one first');
}

function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  // Neither yes nor no in time: somebody holds it, however busy.
  const timer = setTimeout(() => resolve(true), PROBE_MS);
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function listening(server: Server, bound: string, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve);
  server.once('error', (cause) => {
    reject(new SocketError(`cannot listen on ${path}: ${cause.message}`, { cause }));
  });
  server.listen({ path: bound, backlog: BACKLOG });
  return promise;
}

function adapt(socket: Socket, accept: Accept): void {
  const connection: Accepted = {
    write: (text) => socket.writable && !socket.write(text),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
  const events = accept(connection);
  socket.on('data', (chunk) => events.data(chunk));
  socket.on('drain', () => events.drained?.());
  // A reset or a broken pipe is a client that left; 'close' follows.
  socket.on('error', () => undefined);
  socket.once('close', () => events.closed());
}

function lstatIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
