import { describe, expect, test } from 'vitest';
import { Client, type ClientOptions } from '#client/client.ts';
import { ClientError, type ClientTrouble } from '#client/errors.ts';
import { HephError } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import { PROTOCOL, VERSION } from '#protocol/version.ts';
import {
  dropping,
  scriptedDialer,
  willing,
  type Message,
  type Peer,
  type Script,
} from '../../support/memory-transport.ts';

function scripted(script: Script, options: Partial<ClientOptions> = {}) {
  const daemon = scriptedDialer(script);
  const limits = { dialMs: 1000, greetingMs: 1000, answerMs: 1000 };
  const client = new Client({
    dialer: daemon.dialer,
    socket: '/s',
    handOverUntil: () => 0,
    limits,
    ...options,
  });
  return { client, ...daemon };
}

const troubleOf = (request: Promise<unknown>): Promise<ClientTrouble> =>
  request.then(
    () => {
      throw new Error('it was answered');
    },
    (error: unknown) => {
      if (error instanceof ClientError) return error.trouble;
      throw error;
    },
  );

describe('asking', () => {
  test('gives the answer, over one connection for all', async () => {
    const { client, asked, dials } = scripted(willing);
    expect(await client.read('task.next', { limit: 2 })).toBe('task.next');
    expect(
      await Promise.all([client.read('project.list', {}), client.read('task.list', {})]),
    ).toEqual(['project.list', 'task.list']);
    expect(asked.map(({ method, params }) => [method, params])).toEqual([
      ['task.next', { limit: 2 }],
      ['project.list', {}],
      ['task.list', {}],
    ]);
    expect(dials()).toBe(1);
  });

  // Found by the campaign: a thousand clients at once, and some were told that no daemon is running.
  test('a socket with a full queue is dialled again, for as long as dialling may take', async () => {
    const full = Object.assign(new Error('connect EAGAIN'), { code: 'EAGAIN' });
    const { dialer: willingDialer } = scriptedDialer(willing);
    let refusals = 3;
    const dialer: ClientOptions['dialer'] = {
      dial: (...args) => (refusals-- > 0 ? Promise.reject(full) : willingDialer.dial(...args)),
    };
    const { client } = scripted(willing, { dialer });
    expect(await client.read('task.next', {})).toBe('task.next');
    const never: ClientOptions['dialer'] = { dial: () => Promise.reject(full) };
    const limits = { dialMs: 50, greetingMs: 1000, answerMs: 1000 };
    const refused = scripted(willing, { dialer: never, limits }).client.read('task.next', {});
    expect(await troubleOf(refused)).toMatchObject({ code: 'no_daemon' });
  });

  test('nothing is dialled before the first request', () => {
    expect(scripted(willing).dials()).toBe(0);
  });

  test('what the daemon says is wrong is thrown as it was said', async () => {
    const data = { code: 'not_found', kind: 'task', ref: 'X' } as const;
    const { client } = scripted(async (daemon) => {
      daemon.hello();
      await daemon.next();
      const { id } = await daemon.next();
      daemon.say({ id, error: { code: -32_000, message: 'not_found', data } });
    });
    const error: unknown = await client
      .read('task.show', { id: 'X' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HephError);
    expect((error as HephError).problem).toEqual(data);
  });

  test('an error that names no request is for all that wait', async () => {
    const { client } = scripted(async (daemon) => {
      daemon.hello();
      await daemon.next();
      await daemon.next();
      daemon.say({
        id: null,
        error: { code: -32_700, message: 'malformed', data: { code: 'malformed', detail: 'x' } },
      });
    });
    const both = [client.read('task.next', {}), client.read('task.list', {})];
    for (const one of await Promise.allSettled(both))
      expect(one).toMatchObject({ reason: { problem: { code: 'malformed' } } });
  });

  test('a message over the limit is not sent', async () => {
    const { client, asked } = scripted(willing);
    const body = 'é'.repeat(LIMITS.messageBytes / 2);
    expect(await troubleOf(client.change('context.write', { id: 'ABCD', body }))).toMatchObject({
      code: 'message_too_long',
      max: LIMITS.messageBytes,
      actual: expect.any(Number),
    });
    expect(await client.read('task.next', {})).toBe('task.next');
    expect(asked).toHaveLength(1);
  });

  test('a change carries a request id, a fresh one for each', async () => {
    const { client, asked } = scripted(willing);
    await client.change('project.add', { name: 'a' });
    await client.change('project.add', { name: 'a' });
    const ids = asked.map(({ params }) => params?.['request_id']);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\w-]{8,64}$/);
  });
});

describe('the greeting', () => {
  test('is told of once, though the client connects again', async () => {
    const heard: unknown[] = [];
    const script: Script = (daemon, nth) =>
      nth === 0 ? dropping(daemon, nth) : willing(daemon, nth);
    const { client, dials } = scripted(script, { onHello: (hello) => heard.push(hello) });
    await client.read('task.next', {});
    expect(dials()).toBe(2);
    expect(heard).toEqual([{ protocol: PROTOCOL, version: '0.0.0-test' }]);
  });

  test('is answered with our own', async () => {
    const greeting = Promise.withResolvers<Message>();
    const { client } = scripted(async (daemon) => {
      daemon.hello();
      greeting.resolve(await daemon.next());
    });
    void client.read('task.next', {}).catch(() => undefined);
    expect((await greeting.promise).params).toEqual({ protocol: PROTOCOL, version: VERSION });
    client.close();
  });

  test('of another protocol is a trouble that names both, and nothing is asked', async () => {
    const { client, asked } = scripted((daemon) => daemon.hello(99));
    expect(await troubleOf(client.read('task.next', {}))).toEqual({
      code: 'protocol_mismatch',
      daemon: 99,
      client: PROTOCOL,
      daemon_version: '0.0.0-test',
    });
    expect(asked).toEqual([]);
  });
});

describe('somebody who is no hephd', () => {
  const other: [string, Script][] = [
    ['greets with text', (daemon) => daemon.send('220 mail.example.org ESMTP\r\n')],
    ['greets with null', (daemon) => daemon.send('null\n')],
    ['greets with a number', (daemon) => daemon.send('7\n')],
    [
      'greets with half a greeting',
      (daemon) => daemon.send('{"jsonrpc":"2.0","method":"hello","params":7}\n'),
    ],
    [
      'answers with garbage',
      async (daemon) => {
        daemon.hello();
        await daemon.next();
        await daemon.next();
        daemon.send('\u0000garbage\n');
      },
    ],
    [
      'answers with an error that has no data',
      async (daemon) => {
        daemon.hello();
        await daemon.next();
        const { id } = await daemon.next();
        daemon.say({ id, error: { code: -1, message: 'no' } });
      },
    ],
  ];
  test.each(other)('and %s is a trouble with the socket, not a crash', async (_, script) => {
    const { client } = scripted(script);
    expect(await troubleOf(client.read('task.next', {}))).toEqual({
      code: 'bad_socket',
      socket: '/s',
      why: 'whoever answers there is not hephd',
    });
  });

  test.each([
    ['says nothing', () => undefined],
    ['greets and answers nothing', willingToGreet],
  ] as [string, Script][])('and %s is silent', async (_, script) => {
    const { client } = scripted(script, { limits: { dialMs: 1000, greetingMs: 20, answerMs: 20 } });
    expect(await troubleOf(client.read('task.next', {}))).toEqual({
      code: 'silent',
      socket: '/s',
      limit_ms: 20,
    });
  });
});

function willingToGreet(daemon: Peer): void {
  daemon.hello();
}
