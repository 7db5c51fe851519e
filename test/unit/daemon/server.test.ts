import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '#core/node.ts';
import { successLine, type Request } from '#protocol/envelope.ts';
import { PROTOCOL, VERSION } from '#protocol/version.ts';
import { Server } from '#daemon/server.ts';
import type { Dialer } from '#protocol/transport.ts';
import { memoryDialer, Peer } from '../../support/memory-transport.ts';

/** A server whose answers a test may hold back: `slow` waits for `release`. */
let dispatched: string[];
let release: () => void;
let server: Server;
let dialer: Dialer;

beforeEach(() => {
  dispatched = [];
  const gate = Promise.withResolvers<void>();
  release = () => gate.resolve();
  const dispatch = async (request: Request) => {
    dispatched.push(request.method);
    if (request.method === 'slow') await gate.promise;
    return successLine(request.id, '"done"');
  };
  server = new Server({ pid: 7, startedAtMs: 1000, dispatch });
  dialer = memoryDialer(server.accept);
});
afterEach(() => release());

/** A client that has greeted. */
async function greeted(): Promise<Peer> {
  const peer = await Peer.dial(dialer);
  await peer.next();
  peer.hello();
  return peer;
}

// Found by the campaign: each answer that nobody read stayed in the daemon's memory.
test('a client that asks faster than it can be answered is let wait', async () => {
  using peer = await greeted();
  for (let id = 0; id < 1500; id++) peer.say({ id, method: 'slow' });
  await expect.poll(() => dispatched.length, { timeout: 5000, interval: 5 }).toBe(1000);
  release();
  for (let id = 0; id < 1500; id++) expect(await peer.next()).toMatchObject({ id });
});

test('one that asks much at once is let wait, too', async () => {
  using peer = await greeted();
  const text = 'x'.repeat(LIMITS.messageBytes / 4);
  for (let id = 0; id < 9; id++) peer.say({ id, method: 'slow', params: { text } });
  await expect.poll(() => dispatched.length, { timeout: 5000, interval: 5 }).toBe(4);
  release();
  for (let id = 0; id < 9; id++) expect(await peer.next()).toMatchObject({ id });
});

describe('greeting', () => {
  test('the daemon speaks first: protocol, version, pid, and since when', async () => {
    using peer = await Peer.dial(dialer);
    expect(await peer.next()).toEqual({
      jsonrpc: '2.0',
      method: 'hello',
      params: { protocol: PROTOCOL, version: VERSION, pid: 7, started_at: 1000 },
    });
  });

  test('a greeting and requests may come in one piece', async () => {
    using peer = await Peer.dial(dialer);
    const hello = JSON.stringify({
      jsonrpc: '2.0',
      method: 'hello',
      params: { protocol: PROTOCOL },
    });
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'a' });
    peer.send(`${hello}\n${request}\n${request}\n`);
    await peer.next();
    expect([await peer.next(), await peer.next()].map(({ id }) => id)).toEqual([1, 1]);
  });

  test('a request before the greeting is refused, nothing is done, and the connection ends', async () => {
    using peer = await Peer.dial(dialer);
    await peer.next();
    peer.say({ id: 1, method: 'a' });
    expect(await peer.next()).toMatchObject({
      id: 1,
      error: { data: { code: 'malformed', detail: 'say hello first' } },
    });
    await peer.ended;
    expect(dispatched).toEqual([]);
  });

  test.each([
    ['older', { protocol: PROTOCOL - 1 }, PROTOCOL - 1],
    ['newer', { protocol: PROTOCOL + 1 }, PROTOCOL + 1],
    ['named by no number', { protocol: 'one' }, 0],
    ['not named', {}, 0],
    ['not named at all', undefined, 0],
  ])('a client whose protocol is %s is told both, and let go', async (_, params, spoken) => {
    using peer = await Peer.dial(dialer);
    await peer.next();
    peer.say({ method: 'hello', params });
    expect(await peer.next()).toMatchObject({
      id: null,
      error: { data: { code: 'protocol_mismatch', daemon: PROTOCOL, client: spoken } },
    });
    await peer.ended;
  });
});

describe('lines that are no request', () => {
  test.each([
    ['garbage', '\u0000\u0001garbage'],
    ['an empty line', ''],
    ['half a document', '{"jsonrpc":"2.0","id":1'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"a"}]'],
    ['null', 'null'],
    ['JSON-RPC 1', '{"id":1,"method":"a"}'],
    ['an id that is none', '{"jsonrpc":"2.0","id":{},"method":"a"}'],
    ['a null id', '{"jsonrpc":"2.0","id":null,"method":"a"}'],
    ['a method that is none', '{"jsonrpc":"2.0","id":1,"method":1}'],
    ['a result', '{"jsonrpc":"2.0","id":1,"result":1}'],
  ])('%s is answered with an error, and the next request as ever', async (_, line) => {
    using peer = await greeted();
    peer.send(`${line}\n`);
    peer.say({ id: 2, method: 'b' });
    expect(await peer.next()).toMatchObject({
      id: null,
      error: { code: -32_700, data: { code: 'malformed' } },
    });
    expect(await peer.next()).toMatchObject({ id: 2, result: 'done' });
    expect(dispatched).toEqual(['b']);
  });

  test('a notification is not answered, as JSON-RPC wants it', async () => {
    using peer = await greeted();
    peer.say({ method: 'a' });
    peer.say({ id: 1, method: 'b' });
    expect(await peer.next()).toMatchObject({ id: 1 });
    expect(dispatched).toEqual(['b']);
  });

  test('half a line of a client that leaves is never done', async () => {
    using peer = await greeted();
    peer.send('{"jsonrpc":"2.0","id":1,"method":"a"}');
    peer.end();
    await peer.ended;
    expect(dispatched).toEqual([]);
  });

  test('a line over the limit is refused once, whatever follows it', async () => {
    using peer = await greeted();
    peer.send('x'.repeat(LIMITS.messageBytes));
    peer.send('x');
    peer.send('x\n{"jsonrpc":"2.0","id":1,"method":"a"}\n');
    expect(await peer.next()).toMatchObject({
      id: null,
      error: {
        data: { code: 'too_long', field: 'message', max: LIMITS.messageBytes, unit: 'bytes' },
      },
    });
    await peer.ended;
    expect(peer.unread).toEqual([]);
    expect(dispatched).toEqual([]);
  });

  test('a line of exactly the limit is read', async () => {
    using peer = await greeted();
    const line = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'a', params: '' });
    peer.send(`${line.replace('""', `"${'x'.repeat(LIMITS.messageBytes - line.length)}"`)}\n`);
    expect(await peer.next()).toMatchObject({ id: 1, result: 'done' });
  });
});

test('requests are answered as they are done, each with its own id', async () => {
  using peer = await greeted();
  peer.say({ id: 'first', method: 'slow' });
  peer.say({ id: 2, method: 'b' });
  expect(await peer.next()).toMatchObject({ id: 2 });
  release();
  expect(await peer.next()).toMatchObject({ id: 'first' });
});

test('a client that hangs up mid-request harms no other', async () => {
  using leaver = await greeted();
  using stayer = await greeted();
  leaver.say({ id: 1, method: 'slow' });
  stayer.say({ id: 1, method: 'slow' });
  await expect.poll(() => dispatched, { timeout: 5000, interval: 1 }).toHaveLength(2);
  leaver.hangUp();
  await leaver.ended;
  release();
  expect(await stayer.next()).toMatchObject({ id: 1, result: 'done' });
});

describe('draining', () => {
  test('an idle connection ends at once', async () => {
    using peer = await greeted();
    await server.drain(60_000);
    await peer.ended;
  });

  test('what has begun is finished, what comes after is refused, then the connection ends', async () => {
    using peer = await greeted();
    peer.say({ id: 1, method: 'slow' });
    await expect.poll(() => dispatched, { timeout: 5000, interval: 1 }).toEqual(['slow']);
    const drained = server.drain(60_000);
    peer.say({ id: 2, method: 'b' });
    expect(await peer.next()).toMatchObject({ id: 2, error: { data: { code: 'draining' } } });
    release();
    expect(await peer.next()).toMatchObject({ id: 1, result: 'done' });
    await drained;
    await peer.ended;
    expect(dispatched).toEqual(['slow']);
  });

  test('what takes too long is cut', async () => {
    using peer = await greeted();
    peer.say({ id: 1, method: 'slow' });
    await expect.poll(() => dispatched, { timeout: 5000, interval: 1 }).toEqual(['slow']);
    await server.drain(1);
    await peer.ended;
    expect(peer.unread).toEqual([]);
  });

  test('a client that comes then is greeted and let go', async () => {
    await server.drain(60_000);
    using peer = await Peer.dial(dialer);
    expect(await peer.next()).toMatchObject({ method: 'hello' });
    await peer.ended;
  });
});
