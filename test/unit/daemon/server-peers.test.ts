import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { successLine, type Request } from '#protocol/envelope.ts';
import { PROTOCOL } from '#protocol/version.ts';
import type { Peer as Asker } from '#daemon/peer.ts';
import { Server } from '#daemon/server.ts';
import type { Accepted, Dialer } from '#protocol/transport.ts';
import { memoryDialer, Peer } from '../../support/memory-transport.ts';

/** Those who asked, as the handlers see them. Answers wait for `release`. */
let askers: Asker[];
let release: () => void;
let server: Server;
let dialer: Dialer;

beforeEach(() => {
  askers = [];
  const gate = Promise.withResolvers<void>();
  release = () => gate.resolve();
  const dispatch = async (request: Request, asker: Asker) => {
    askers.push(asker);
    await gate.promise;
    return successLine(request.id, '"done"');
  };
  server = new Server({ pid: 7, startedAtMs: 1000, dispatch });
  dialer = memoryDialer(server.accept);
});
afterEach(() => release());

async function greeted(): Promise<Peer> {
  const peer = await Peer.dial(dialer);
  await peer.next();
  peer.hello();
  return peer;
}

describe('whoever asks', () => {
  async function asking() {
    const peer = await greeted();
    peer.say({ id: 'q', method: 'a' });
    await expect.poll(() => askers, { timeout: 5000, interval: 1 }).toHaveLength(1);
    const [asker] = askers;
    if (!asker) throw new Error('nobody asked');
    return { peer, asker };
  }

  test('is known by the request, and can be told of something before the answer', async () => {
    const { peer, asker } = await asking();
    expect(asker.request).toBe('q');
    asker.notify('changed', { seq: 1 });
    expect(await peer.next()).toEqual({ jsonrpc: '2.0', method: 'changed', params: { seq: 1 } });
    release();
    expect(await peer.next()).toMatchObject({ id: 'q', result: 'done' });
    asker.notify('changed', { seq: 2 });
    expect(await peer.next()).toMatchObject({ method: 'changed', params: { seq: 2 } });
    peer.hangUp();
  });

  test('has gone when the connection has, and what is sent after that is lost', async () => {
    const { peer, asker } = await asking();
    expect(asker.gone.aborted).toBe(false);
    const gone = Promise.withResolvers<void>();
    asker.gone.addEventListener('abort', () => gone.resolve());
    peer.hangUp();
    await gone.promise;
    asker.notify('changed', {});
    await asker.ready();
    asker.end();
  });

  test('is let go after what is under way, and what was sent before', async () => {
    const { peer, asker } = await asking();
    asker.end();
    asker.notify('changed', { seq: 1 });
    expect(await peer.next()).toMatchObject({ params: { seq: 1 } });
    peer.say({ id: 2, method: 'b' });
    expect(await peer.next()).toMatchObject({ id: 2, error: { data: { code: 'draining' } } });
    release();
    expect(await peer.next()).toMatchObject({ id: 'q', result: 'done' });
    await peer.ended;
  });

  test('is let go at once where nothing is under way, and others stay', async () => {
    const { peer, asker } = await asking();
    using other = await greeted();
    release();
    await peer.next();
    asker.end();
    await peer.ended;
    other.say({ id: 1, method: 'b' });
    expect(await other.next()).toMatchObject({ id: 1, result: 'done' });
  });
});

/** A connection whose other end reads nothing, until the test says so. */
class Stuck implements Accepted {
  isPaused = false;
  isFull = false;
  isDestroyed = false;
  onEnd: () => void = () => undefined;
  write(): boolean {
    return this.isFull;
  }
  end(): void {}
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  destroy(): void {
    this.isDestroyed = true;
    setImmediate(this.onEnd);
  }
}

describe('a client that does not read', () => {
  async function stuck() {
    const connection = new Stuck();
    const session = server.accept(connection);
    connection.onEnd = () => session.closed();
    const say = (message: object) =>
      session.data(Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`));
    say({ method: 'hello', params: { protocol: PROTOCOL } });
    say({ id: 1, method: 'a' });
    const [asker] = askers;
    if (!asker) throw new Error('nobody asked');
    return { connection, session, asker };
  }

  test('is not heard while more waits for it than a message may have, and heard when it has read', async () => {
    const { connection, session, asker } = await stuck();
    connection.isFull = true;
    for (let mib = 0; mib < 15; mib++) asker.notify('changed', 'x'.repeat(1024 * 1024));
    expect(connection.isPaused).toBe(false);
    asker.notify('changed', 'x'.repeat(1024 * 1024));
    expect(connection.isPaused).toBe(true);
    session.drained?.();
    expect(connection.isPaused).toBe(false);
  });

  /** Whether a promise is settled by now. */
  async function isSettled(promise: Promise<void>): Promise<boolean> {
    return Promise.race([promise.then(() => true), new Promise(setImmediate).then(() => false)]);
  }

  test('has room while nothing has to queue, and again when all has left', async () => {
    const { connection, session, asker } = await stuck();
    expect(await isSettled(asker.ready())).toBe(true);
    connection.isFull = true;
    asker.notify('changed', {});
    asker.notify('changed', {});
    const room = asker.ready();
    expect(await isSettled(room)).toBe(false);
    session.drained?.();
    expect(await isSettled(room)).toBe(true);
    expect(await isSettled(asker.ready())).toBe(true);
    asker.notify('changed', {});
    expect(await isSettled(asker.ready())).toBe(false);
  });

  test('and goes, is waited for no more', async () => {
    const { connection, session, asker } = await stuck();
    connection.isFull = true;
    asker.notify('changed', {});
    const room = asker.ready();
    session.closed();
    expect(await isSettled(room)).toBe(true);
  });

  test('nor hears that it is let go, does not keep the daemon from leaving', async () => {
    const { connection } = await stuck();
    release();
    await server.drain(2 ** 31 - 1);
    expect(connection.isDestroyed).toBe(true);
  });
});
