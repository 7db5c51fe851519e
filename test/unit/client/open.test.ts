import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ClientError } from '#client/errors.ts';
import { openClient } from '#client/open.ts';
import { resolvePaths } from '#config/paths.ts';
import { Sandbox } from '../../support/sandbox.ts';

const pathsOf = (socket: string) => resolvePaths('/home/ada', '/', { socket });

test('a socket whose path is too long is refused before anything is dialled', () => {
  const socket = `/tmp/${'x'.repeat(100)}.sock`;
  expect(() => openClient(pathsOf(socket))).toThrow(
    expect.objectContaining({
      trouble: expect.objectContaining({ code: 'bad_socket', socket }),
      constructor: ClientError,
    }),
  );
});

test.each([
  ['nothing', () => undefined],
  ['a regular file', (path: string) => writeFileSync(path, 'dear diary')],
])('%s where the socket should be: nobody is there', async (_, make) => {
  await using sandbox = await Sandbox.make();
  const socket = sandbox.at('s');
  make(socket);
  await expect(openClient(pathsOf(socket)).read('task.next', {})).rejects.toMatchObject({
    trouble: { code: 'no_daemon', socket, sent: false },
  });
});

test('the hand-over that lies beside the socket is heeded', async () => {
  await using sandbox = await Sandbox.make();
  const socket = sandbox.at('s');
  writeFileSync(sandbox.at('hand-over.json'), JSON.stringify({ until_ms: Date.now() + 60_000 }));
  const client = openClient(pathsOf(socket));
  const asked = client.read('task.next', {});
  const first = await Promise.race([
    asked.catch(() => 'refused'),
    new Promise((resolve) => setTimeout(resolve, 50, 'waits')),
  ]);
  expect(first).toBe('waits');
  writeFileSync(sandbox.at('hand-over.json'), '{}');
  await expect(asked).rejects.toMatchObject({ trouble: { code: 'no_daemon' } });
});
