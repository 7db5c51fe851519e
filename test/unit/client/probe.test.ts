import { expect, test } from 'vitest';
import { greetingOf } from '#client/probe.ts';
import { PROTOCOL } from '#protocol/version.ts';
import { scriptedDialer, willing, type Script } from '../../support/memory-transport.ts';

test.each([
  ['greets', willing, { kind: 'answers', hello: { protocol: PROTOCOL } }],
  [
    'greets in another protocol',
    (daemon) => daemon.hello(99),
    { kind: 'answers', hello: { protocol: 99 } },
  ],
  ['hangs up', (daemon) => daemon.hangUp(), { kind: 'nobody' }],
  [
    'talks of other things',
    (daemon) => daemon.send('220 mail.example.org\r\n'),
    { kind: 'silent' },
  ],
] as [string, Script, object][])('whoever %s', async (_, script, greeting) => {
  expect(await greetingOf(scriptedDialer(script).dialer, '/s')).toMatchObject(greeting);
});

test('nobody', async () => {
  expect(await greetingOf({ dial: () => Promise.reject(new Error('ENOENT')) }, '/s')).toEqual({
    kind: 'nobody',
  });
});
