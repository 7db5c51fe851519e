import { describe, expect, test, vi } from 'vitest';
import { problemsOfFile } from '#store/check.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { hephOn } from '../support/heph.ts';
import type { Peer } from '../support/memory-transport.ts';
import { task } from '../support/records.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Enough to be written for seconds on any machine: it is stopped, or asked beside, after its first word. */
const MANY = 9999;

/** Send an import, so many times {@link MANY} tasks with so many tags each, and have it begun to be written. */
async function begun(daemon: Daemon, parts = 1, tagsOfEach = 10): Promise<Peer> {
  const peer = await daemon.greeted();
  peer.say({ id: 1, method: 'import.begin', params: {} });
  const { result } = await peer.next();
  const { import_id } = result as { import_id: string };
  const tags = Array.from({ length: tagsOfEach }, (_, nth) => `tag-${nth}`);
  for (let part = 0; part < parts; part++) {
    const records = Array.from({ length: MANY }, (_, nth) => task(part * MANY + nth, { tags }));
    peer.say({ id: 2, method: 'import.stage', params: { import_id, part, records } });
    expect((await answerTo(peer)).result).toEqual({ staged: (part + 1) * MANY });
  }
  const request_id = 'the-one-request';
  peer.say({ id: 3, method: 'import.commit', params: { import_id, request_id } });
  expect(await peer.next()).toMatchObject({ method: 'progress', params: { id: 3 } });
  return peer;
}

/** What comes once all has been said of how far it is. */
async function answerTo(peer: Peer) {
  for (;;) {
    const message = await peer.next();
    if (message.method !== 'progress') return message;
  }
}

describe('while a large import is written', () => {
  // Found by using it: `heph next` gave up after five seconds, and the import took forty.
  test('questions are answered, and changes wait for it', async () => {
    await using daemon = await startDaemon();
    const heph = hephOn(daemon.socket);
    const peer = await begun(daemon);
    const [filed, next] = await Promise.all([heph(['task', 'Meanwhile']), heph(['next'])]);
    expect(next).toMatchObject({ code: 0, stdout: '' });
    expect((await answerTo(peer)).result).toMatchObject({ created: MANY, refused: [] });
    expect(filed.code).toBe(0);
    const history = (await heph(['history', '--json'])).json<{ method: string }[]>();
    expect(history.map(({ method }) => method)).toEqual(['task.add', 'import.commit']);
    peer.hangUp();
  });

  test('hephd that is killed has nothing of it, and can be asked again', async () => {
    await using daemon = await startDaemon();
    await begun(daemon);
    await daemon.kill('SIGKILL');
    expect(problemsOfFile(daemon.db)).toEqual([]);
    await using again = await startDaemon({ folder: daemon.folder });
    const heph = hephOn(again.socket);
    expect((await heph(['history', '--json'])).json()).toEqual([]);
    const peer = await begun(again);
    expect((await answerTo(peer)).result).toMatchObject({ created: MANY, refused: [] });
    peer.hangUp();
  });

  test('hephd that is told to leave ends it in time, and says so', async () => {
    await using daemon = await startDaemon();
    // Far more than is written in the time that it has.
    const peer = await begun(daemon, 3, 100);
    const [answer, ended] = await Promise.all([answerTo(peer), daemon.kill('SIGTERM')]);
    expect(answer.error?.data).toEqual({ code: 'draining' });
    expect(ended.code).toBe(0);
    await using again = await startDaemon({ folder: daemon.folder });
    expect((await hephOn(again.socket)(['history', '--json'])).json()).toEqual([]);
  });
});
