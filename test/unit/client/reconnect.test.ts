import { describe, expect, test } from 'vitest';
import { Client } from '#client/client.ts';
import type { ClientError } from '#client/errors.ts';
import { type ClientTrouble } from '#client/errors.ts';
import type { Dialer } from '#protocol/transport.ts';
import {
  dropping,
  scriptedDialer,
  willing,
  type Peer,
  type Script,
} from '../../support/memory-transport.ts';

const limits = { dialMs: 1000, greetingMs: 1000, answerMs: 1000 };
const clientOf = (dialer: Dialer, handOverUntil = () => 0) =>
  new Client({ dialer, socket: '/s', handOverUntil, limits });

const troubleOf = (request: Promise<unknown>): Promise<ClientTrouble | null> =>
  request.then(
    () => null,
    (error: ClientError) => error.trouble,
  );

/** Nobody listens, for the first so many tries. */
function absentFor(tries: number, then: Dialer, code = 'ENOENT'): Dialer {
  let left = tries;
  return {
    dial: async (events, limitMs) => {
      if (left-- > 0) throw Object.assign(new Error(`connect ${code}`), { code });
      return then.dial(events, limitMs);
    },
  };
}

describe('when nobody listens', () => {
  test.each(['ENOENT', 'ECONNREFUSED'])(
    '(%s) it says so at once, and that nothing was sent',
    async (code) => {
      const client = clientOf(absentFor(Infinity, scriptedDialer(willing).dialer, code));
      expect(await troubleOf(client.read('task.next', {}))).toEqual({
        code: 'no_daemon',
        socket: '/s',
        sent: false,
      });
    },
  );

  test.each(['EACCES', 'EPERM'])(
    'a socket that is not ours to open (%s) is another trouble, hand-over or not',
    async (code) => {
      const client = clientOf(
        absentFor(Infinity, scriptedDialer(willing).dialer, code),
        () => Date.now() + 60_000,
      );
      expect(await troubleOf(client.read('task.next', {}))).toEqual({
        code: 'no_access',
        socket: '/s',
      });
    },
  );

  test('a client that failed once finds the daemon that has come since', async () => {
    const client = clientOf(absentFor(1, scriptedDialer(willing).dialer));
    expect(await troubleOf(client.read('task.next', {}))).toMatchObject({ code: 'no_daemon' });
    expect(await client.read('task.next', {})).toBe('task.next');
  });
});

describe('while a hand-over is announced', () => {
  test('it says nothing of the version that comes: the client is of the one before', async () => {
    const heard: unknown[] = [];
    const client = new Client({
      dialer: absentFor(1, scriptedDialer(willing).dialer),
      socket: '/s',
      handOverUntil: () => Date.now() + 60_000,
      limits,
      onHello: (hello) => heard.push(hello),
    });
    expect(await client.read('task.next', {})).toBe('task.next');
    expect(heard).toEqual([]);
  });

  test('it waits for the next daemon', async () => {
    const client = clientOf(
      absentFor(3, scriptedDialer(willing).dialer),
      () => Date.now() + 60_000,
    );
    expect(await client.read('task.next', {})).toBe('task.next');
  });

  test('it gives up when that is over', async () => {
    let asked = 0;
    const client = clientOf(absentFor(Infinity, scriptedDialer(willing).dialer), () =>
      ++asked < 4 ? Date.now() + 60_000 : 0,
    );
    expect(await troubleOf(client.read('task.next', {}))).toEqual({
      code: 'no_daemon',
      socket: '/s',
      sent: false,
    });
    expect(asked).toBe(4);
  });

  test('it asks again however often the answer is lost', async () => {
    const daemon = scriptedDialer((peer, nth) =>
      nth < 6 ? dropping(peer, nth) : willing(peer, nth),
    );
    const client = clientOf(daemon.dialer, () => Date.now() + 60_000);
    expect(await client.change('project.add', { name: 'a' })).toBe('project.add');
    expect(new Set(daemon.asked.map(({ params }) => params?.['request_id'])).size).toBe(1);
    expect(daemon.asked).toHaveLength(7);
  });
});

/** Says it is leaving, to the first request. */
const leaving: Script = async (daemon) => {
  daemon.hello();
  await daemon.next();
  const { id } = await daemon.next();
  daemon.say({ id, error: { code: -32_000, message: 'draining', data: { code: 'draining' } } });
};

describe('when the answer is lost', () => {
  test.each([
    ['because the daemon was gone', dropping],
    ['because the daemon was leaving', leaving],
  ])('%s, a change is asked for again under the same request id', async (_, first) => {
    const daemon = scriptedDialer((peer, nth) =>
      nth === 0 ? first(peer, nth) : willing(peer, nth),
    );
    const client = clientOf(daemon.dialer);
    expect(await client.change('project.add', { name: 'a' })).toBe('project.add');
    const [one, two, ...more] = daemon.asked;
    expect(one?.params).toMatchObject({ name: 'a', request_id: expect.any(String) });
    expect(two?.params).toEqual(one?.params);
    expect(more).toEqual([]);
  });

  test('again and again, it gives up, and says that the change may have been made', async () => {
    const daemon = scriptedDialer(dropping);
    expect(await troubleOf(clientOf(daemon.dialer).change('project.add', { name: 'a' }))).toEqual({
      code: 'no_daemon',
      socket: '/s',
      sent: true,
    });
    expect(daemon.dials()).toBe(4);
    expect(new Set(daemon.asked.map(({ params }) => params?.['request_id'])).size).toBe(1);
  });

  test('and nobody is there any more, it says that the change may have been made', async () => {
    const daemon = scriptedDialer(dropping);
    let dials = 0;
    const dialer: Dialer = {
      dial: async (events, limitMs) => {
        if (dials++ > 0) throw Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' });
        return daemon.dialer.dial(events, limitMs);
      },
    };
    expect(await troubleOf(clientOf(dialer).change('project.add', { name: 'a' }))).toEqual({
      code: 'no_daemon',
      socket: '/s',
      sent: true,
    });
  });

  test('of several requests at once, all are asked again, over one connection', async () => {
    const daemon = scriptedDialer(async (peer, nth) => {
      if (nth > 0) return willing(peer, nth);
      peer.hello();
      for (let i = 0; i < 3; i++) await peer.next();
      peer.hangUp();
    });
    const client = clientOf(daemon.dialer);
    expect(await Promise.all([client.read('task.next', {}), client.read('task.list', {})])).toEqual(
      ['task.next', 'task.list'],
    );
    expect(daemon.dials()).toBe(2);
  });
});

/** Both ends know that it is over. */
async function ended(daemon: Peer | undefined): Promise<void> {
  daemon?.hangUp();
  await daemon?.ended;
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

describe('a daemon that left between two requests', () => {
  test('is not waited for: the next one is asked', async () => {
    const daemons: Peer[] = [];
    const daemon = scriptedDialer((peer, nth) => {
      daemons.push(peer);
      return willing(peer, nth);
    });
    const client = clientOf(daemon.dialer);
    await client.read('task.next', {});
    await ended(daemons[0]);
    expect(await client.read('task.list', {})).toBe('task.list');
    expect(daemon.dials()).toBe(2);
  });

  test('and was the last, is nobody, who was sent nothing', async () => {
    const daemons: Peer[] = [];
    const daemon = scriptedDialer((peer, nth) => {
      daemons.push(peer);
      return willing(peer, nth);
    });
    const client = clientOf({
      dial: (events, limitMs) =>
        daemons.length > 0
          ? Promise.reject(new Error('gone'))
          : daemon.dialer.dial(events, limitMs),
    });
    await client.read('task.next', {});
    await ended(daemons[0]);
    expect(await troubleOf(client.change('project.add', { name: 'a' }))).toEqual({
      code: 'no_daemon',
      socket: '/s',
      sent: false,
    });
  });
});

test('a daemon that takes connections and drops them before it greets is nobody', async () => {
  const daemon = scriptedDialer((peer) => peer.hangUp());
  expect(await troubleOf(clientOf(daemon.dialer).read('task.next', {}))).toEqual({
    code: 'no_daemon',
    socket: '/s',
    sent: false,
  });
});

test('closing ends the connection, and a request after that opens another', async () => {
  const daemons: Peer[] = [];
  const daemon = scriptedDialer((peer, nth) => {
    daemons.push(peer);
    return willing(peer, nth);
  });
  const client = clientOf(daemon.dialer);
  await client.read('task.next', {});
  client.close();
  await daemons[0]?.ended;
  expect(await client.read('task.next', {})).toBe('task.next');
  expect(daemon.dials()).toBe(2);
});
