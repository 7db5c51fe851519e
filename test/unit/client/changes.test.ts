import { afterEach, describe, expect, test, vi } from 'vitest';
import { Client, type ClientOptions } from '#client/client.ts';
import type { HephError } from '#core/errors.ts';
import type { ChangeEvent } from '#protocol/history.ts';
import type { Dialer } from '#protocol/transport.ts';
import { scriptedDialer, type Peer, type Script } from '../../support/memory-transport.ts';

const clientOf = (dialer: Dialer, more: Partial<ClientOptions> = {}) =>
  new Client({
    dialer,
    socket: '/s',
    handOverUntil: () => 0,
    limits: { dialMs: 1000, greetingMs: 1000, answerMs: 1000 },
    ...more,
  });

/** Greet, and wait to be asked for changes; answer that they begin there. */
async function asked(daemon: Peer, seq: (since: number | undefined) => number): Promise<number> {
  daemon.hello();
  await daemon.next();
  const { id, params } = await daemon.next();
  const begun = seq(params?.['since'] as number | undefined);
  daemon.say({ id, result: { seq: begun } });
  return begun;
}

const tell = (daemon: Peer, seq: number) => daemon.say({ method: 'changed', params: { seq } });

/** The numbers of the changes as they come; null where it began to listen. */
async function heard(
  changes: AsyncIterable<ChangeEvent | null>,
  count: number,
): Promise<(number | null)[]> {
  const seqs: (number | null)[] = [];
  for await (const change of changes) {
    seqs.push(change?.seq ?? null);
    if (seqs.length === count) break;
  }
  return seqs;
}

/** What ended it. */
async function endOf(changes: AsyncIterable<unknown>): Promise<unknown> {
  try {
    await Array.fromAsync(changes);
    return null;
  } catch (error) {
    return error;
  }
}

/** Time passes, a step whenever everybody waits, until it is settled. */
async function untilSettled<T>(promise: Promise<T>, stepMs: number): Promise<T> {
  const settled = { is: false };
  const settle = () => void (settled.is = true);
  void promise.then(settle, settle);
  while (!settled.is) {
    await vi.advanceTimersByTimeAsync(stepMs);
    await new Promise(setImmediate);
  }
  return promise;
}

/** A daemon whose log grows by `perLife` each time, and that is gone after. */
const mortal =
  (perLife: number): Script =>
  async (daemon, nth) => {
    const newest = nth * perLife;
    const begun = await asked(daemon, (since) => since ?? newest);
    for (let seq = begun + 1; seq <= newest + perLife; seq++) tell(daemon, seq);
    await new Promise(setImmediate);
    daemon.end();
  };

describe('changes', () => {
  test('begin after what is named, said to the daemon as it was', async () => {
    const daemon = scriptedDialer(mortal(3));
    expect(await heard(clientOf(daemon.dialer).changes(1), 3)).toEqual([null, 2, 3]);
    expect(daemon.asked.map(({ method, params }) => [method, params])).toEqual([
      ['history.watch', { since: 1 }],
    ]);
  });

  test('begin after the newest, where nothing is named', async () => {
    const daemon = scriptedDialer(mortal(2));
    expect(await heard(clientOf(daemon.dialer).changes(), 3)).toEqual([null, 1, 2]);
    expect(daemon.asked[0]?.params).toEqual({});
  });

  test('go on where they stopped when the connection was lost: no gap, and nothing twice', async () => {
    const daemon = scriptedDialer(mortal(3));
    expect(await heard(clientOf(daemon.dialer).changes(), 15)).toEqual(
      [0, 3, 6, 9].flatMap((at) => [null, at + 1, at + 2, at + 3]).slice(0, 15),
    );
    expect(daemon.asked.map(({ params }) => params)).toEqual([
      {},
      { since: 3 },
      { since: 6 },
      { since: 9 },
    ]);
  });

  test('go on where the daemon says, whose log may have become another', async () => {
    const daemon = scriptedDialer(async (peer, nth) => {
      if (nth === 0) return mortal(50)(peer, nth);
      await asked(peer, (since) => Math.min(since ?? 0, 7));
      tell(peer, 8);
      if (nth === 1) peer.end();
    });
    const changes = clientOf(daemon.dialer).changes();
    await heard(changes, 51);
    const again = clientOf(daemon.dialer).changes(50);
    expect(await heard(again, 4)).toEqual([null, 8, null, 8]);
    expect(daemon.asked.map(({ params }) => params?.['since'])).toEqual([undefined, 50, 8]);
  });

  test.each<[string, Script]>([
    ['before it was greeted', (daemon) => daemon.hangUp()],
    [
      'before it was answered',
      async (daemon) => {
        daemon.hello();
        await daemon.next();
        await daemon.next();
        daemon.hangUp();
      },
    ],
    [
      'by a daemon that was leaving',
      async (daemon) => {
        daemon.hello();
        await daemon.next();
        const { id } = await daemon.next();
        const error = { code: -32_000, message: 'draining', data: { code: 'draining' } };
        daemon.say({ id, error });
      },
    ],
  ])('lost %s go on after what was heard', async (_, lost) => {
    const daemon = scriptedDialer((peer, nth) =>
      nth % 2 === 1 ? lost(peer, nth) : mortal(2)(peer, nth / 2),
    );
    expect(await heard(clientOf(daemon.dialer).changes(), 6)).toEqual([null, 1, 2, null, 3, 4]);
  });

  test('can be asked of while other requests are made on the same connection', async () => {
    const daemon = scriptedDialer(async (peer) => {
      await asked(peer, () => 0);
      tell(peer, 1);
      const { id } = await peer.next();
      tell(peer, 2);
      peer.say({ id, result: 'read' });
      tell(peer, 3);
    });
    const client = clientOf(daemon.dialer);
    const seqs: (number | null)[] = [];
    for await (const change of client.changes()) {
      seqs.push(change?.seq ?? null);
      if (change?.seq === 1) expect(await client.read('task.next', {})).toBe('read');
      if (change?.seq === 3) break;
    }
    expect(seqs).toEqual([null, 1, 2, 3]);
    expect(daemon.dials()).toBe(1);
  });

  test('end with what the daemon says is wrong', async () => {
    const data = { code: 'store_damaged', detail: 'page 7' } as const;
    const daemon = scriptedDialer(async (peer) => {
      peer.hello();
      await peer.next();
      const { id } = await peer.next();
      peer.say({ id, error: { code: -32_000, message: 'x', data } });
    });
    const error = await endOf(clientOf(daemon.dialer).changes());
    expect((error as HephError).problem).toEqual(data);
  });
});

describe('nobody answers', () => {
  const nobody: Dialer = {
    dial: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOENT' })),
  };
  const gone = { trouble: { code: 'no_daemon', socket: '/s', sent: false } };
  afterEach(() => void vi.useRealTimers());

  test('at first: it says so at once', async () => {
    expect(await endOf(clientOf(nobody).changes())).toMatchObject(gone);
  });

  test('any more: it waits a minute for the next daemon, then says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const first = scriptedDialer(mortal(1));
    let tries = 0;
    const dialer: Dialer = {
      dial: (events, limitMs) => (tries++ === 0 ? first.dialer : nobody).dial(events, limitMs),
    };
    const startedMs = Date.now();
    const error = await untilSettled(endOf(clientOf(dialer).changes()), 100);
    expect(error).toMatchObject(gone);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(60_000);
    expect(tries).toBeGreaterThan(100);
  });

  test('for most of a minute: it goes on with whoever comes then', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const daemon = scriptedDialer(mortal(1));
    const backMs = Date.now() + 55_000;
    let dials = 0;
    const dialer: Dialer = {
      dial: (events, limitMs) =>
        (dials++ > 0 && Date.now() < backMs ? nobody : daemon.dialer).dial(events, limitMs),
    };
    const seqs = await untilSettled(heard(clientOf(dialer).changes(), 4), 100);
    expect(seqs).toEqual([null, 1, null, 2]);
  });
});

describe('a request that says how far it is', () => {
  afterEach(() => void vi.useRealTimers());

  test('has its time anew with each word, and whoever asked is told', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const daemon = scriptedDialer(async (peer) => {
      peer.hello();
      await peer.next();
      const { id } = await peer.next();
      for (let done = 1; done <= 5; done++) {
        peer.say({ method: 'progress', params: { id, done, total: 5 } });
        await new Promise((resolve) => setTimeout(resolve, 900));
      }
      peer.say({ id, result: 'made' });
    });
    const told: string[] = [];
    const asking = clientOf(daemon.dialer).read('store.backup', {}, (done, total) =>
      told.push(`${done}/${total}`),
    );
    expect(await untilSettled(asking, 10)).toBe('made');
    expect(told).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  test('is waited for, and of a change whoever wants to hear that is told', async () => {
    let told = 0;
    const daemon = scriptedDialer(async (peer) => {
      peer.hello();
      await peer.next();
      for (const result of ['checked', 'filed']) {
        const { id } = await peer.next();
        peer.say({ method: 'progress', params: { id, done: 0, total: 1 } });
        peer.say({ id, result });
      }
    });
    const onWait = () => void told++;
    const client = clientOf(daemon.dialer, { onWait });
    expect(await client.read('update.check', {})).toBe('checked');
    expect(told).toBe(0);
    expect(await client.change('task.add', { title: 'x' })).toBe('filed');
    expect(told).toBe(1);
  });

  test('does not hold for another, which is silent', async () => {
    const daemon = scriptedDialer(async (peer) => {
      peer.hello();
      await peer.next();
      const { id } = await peer.next();
      for (;;) {
        peer.say({ method: 'progress', params: { id: Number(id) + 1, done: 1, total: 2 } });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const limits = { dialMs: 1000, greetingMs: 1000, answerMs: 50 };
    const silent = clientOf(daemon.dialer, { limits }).read('store.backup', {});
    await expect(silent).rejects.toMatchObject({ trouble: { code: 'silent' } });
  });
});
