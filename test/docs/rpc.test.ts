import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startDaemon } from '../../scripts/working-tree-daemon.ts';
import { Sandbox } from '../support/sandbox.ts';
import { fencesOf, readPage } from './pages.ts';

/** The session by hand on the page, against a real daemon: what is volatile is left out on both sides. */
test('the session of rpc.md is what a daemon answers', async () => {
  await using sandbox = await Sandbox.make();
  const places = { socket: sandbox.at('hephd.sock'), db: sandbox.at('heph.db') };
  const daemon = await startDaemon(places, { watch: false });
  try {
    const { text } = await readPage('docs/reference/rpc.md');
    const [script, answers] = fencesOf(text.slice(text.indexOf('## By hand')));
    const said =
      script?.lines
        .map((line) => /echo '(.*)'/.exec(line)?.[1])
        .filter((line) => line !== undefined) ?? [];
    expect(said.length).toBe(2);
    const shown = answers?.lines ?? [];
    const first = await ask(places.socket, said, shown.length);
    expect(first.map(stable)).toEqual(shown.map(stable));
    // The page says that asked again, it is the first answer to the letter.
    expect((await ask(places.socket, said, shown.length))[1]).toBe(first[1]);
  } finally {
    daemon.stop();
    await daemon.ended;
  }
}, 30_000);

async function ask(socket: string, lines: string[], count: number): Promise<string[]> {
  const connection = connect(socket);
  let received = '';
  connection.setEncoding('utf8').on('data', (text: string) => (received += text));
  connection.write(lines.map((line) => `${line}\n`).join(''));
  for (let tries = 0; received.split('\n').length <= count && tries < 200; tries++) await sleep(20);
  connection.destroy();
  return received.trimEnd().split('\n');
}

function stable(line: string): unknown {
  return JSON.parse(line, (key, value: unknown) =>
    ['pid', 'started_at', 'node_id', 'created_at', 'updated_at'].includes(key)
      ? typeof value
      : value,
  );
}
