import { readdir, stat } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskRow } from '#protocol/tasks.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn, type Heph } from '../support/heph.ts';

/** A command line, a socket, a daemon, a store: the ways that only all of it shows. */
describe.each(builds)('heph ($name) and hephd', (build) => {
  let daemon: Daemon;
  let heph: Heph;
  beforeAll(async () => {
    daemon = await startDaemon();
    heph = hephOn(daemon.socket, build);
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  test('a task is filed, found, changed and done', async () => {
    expect((await heph(['project', 'add', 'Home'])).stdout).toMatch(/^made [0-9A-Z]{26} Home\n$/);
    const filed = await heph([
      'task',
      'Paint the door',
      '--project',
      'home',
      '--tag',
      'diy',
      '--attention',
      'red',
      '--do-date',
      'today',
      '--late-on',
      '2026-12-24',
      '--key',
      'door',
    ]);
    expect(filed).toMatchObject({ code: 0, stderr: '' });
    const [, id = ''] = /^filed ([0-9A-Z]{26}) Paint the door\n$/.exec(filed.stdout) ?? [];

    expect((await heph(['next', '--explain'])).stdout).toMatch(
      new RegExp(
        `^${id}\tred\tPaint the door\tHome  #diy .*\tred: now, before everything; late from 2026-12-24\n$`,
      ),
    );
    expect(
      (
        await heph([
          'edit',
          id.slice(-6),
          '--title',
          'Paint the gate',
          '--late-on',
          'none',
          '--tag',
          'none',
        ])
      ).stdout,
    ).toBe(`changed ${id} Paint the gate\n`);
    expect((await heph(['show', id, '--json'])).json()).toMatchObject({
      node_id: id,
      title: 'Paint the gate',
      late_from: null,
      tags: [],
      project: 'Home',
      body: '',
    });
    expect((await heph(['done', id])).stdout).toBe(`done ${id} Paint the gate\n`);
    expect(await heph(['list', '--project', 'Home'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No task is like that.\n',
    });
    expect((await heph(['list', '--state', 'done', '--json'])).json<TaskRow[]>()).toMatchObject([
      { node_id: id, state: 'done' },
    ]);
  });

  test('what --json prints is one document, of the shape that scripts know', async () => {
    const filed = (await heph(['task', 'Call', '--json', '--key', 'call'])).json<
      TaskRow & { created: boolean }
    >();
    expect(filed).toMatchObject({
      title: 'Call',
      created: true,
      tombstoned: false,
      do_date: null,
      recurrence: null,
    });
    expect((await heph(['task', 'Call again', '--json', '--key', 'call'])).json()).toMatchObject({
      node_id: filed.node_id,
      created: false,
    });
    expect((await heph(['list', '--key', 'call', '--json'])).json()).toMatchObject([
      { node_id: filed.node_id },
    ]);
    expect((await heph(['drop', filed.node_id, '--json'])).json()).toMatchObject({
      node_id: filed.node_id,
      state: 'dropped',
    });
    expect((await heph(['next', '--json'])).json()).toEqual([]);
    expect((await heph(['project', 'list', '--json'])).json()).toMatchObject([
      { kind: 'project', title: 'Home' },
    ]);
  });

  test('a context comes from standard input, to the byte, however long', async () => {
    const body = `${'Zähne 😀 \u001b[2J\n'.repeat(100_000)}no newline at the end`;
    const { node_id: id } = (
      await heph(['task', 'Long', '--context', '-', '--json'], { input: body })
    ).json<TaskRow>();
    expect((await heph(['context', id, '--json'])).json<{ body: string }>().body).toBe(body);
    expect((await heph(['context', id])).stdout).toBe(`${body}\n`);
    expect((await heph(['context', id, '--append', '-'], { input: 'more' })).code).toBe(0);
    expect((await heph(['context', id])).stdout.endsWith('at the end\nmore\n')).toBe(true);
    expect(
      (await heph(['context', id, '--body', '-', '--json'], { input: '' })).json(),
    ).toMatchObject({ node_id: id });
    expect((await heph(['context', id])).stdout).toBe('');
    await heph(['done', id]);
  });

  test('several are done together, or none is', async () => {
    const ids: string[] = [];
    for (const title of ['one', 'two'])
      ids.push((await heph(['task', title, '--json'])).json<TaskRow>().node_id);
    const refused = await heph(['done', ...ids, 'ZZZZ']);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'cannot find the task "ZZZZ"\nids are in: heph list --all\n',
    });
    expect((await heph(['list', '--json'])).json()).toHaveLength(2);
    expect((await heph(['done', ...ids, '--json'])).json()).toMatchObject([
      { node_id: ids[0], state: 'done' },
      { node_id: ids[1], state: 'done' },
    ]);
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const context = 'x'.repeat(1_000_000);
    await heph(['task', 'Wide', '--context', '-', '--key', 'wide'], { input: context });
    const { node_id: id } = (await heph(['list', '--key', 'wide', '--json'])).json<
      TaskRow[]
    >()[0] ?? { node_id: '' };
    const line = `"$@" context ${id} | head -c 5; echo; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await execa('bash', ['-c', line, 'bash', ...build.command], {
      env: { HEPH_SOCKET: daemon.socket },
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'xxxxx\n0', stderr: '' });
    await heph(['done', id]);
  });

  test("all that is in the folder is its user's alone", async () => {
    const names = (await readdir(daemon.folder)).toSorted();
    const modes = await Promise.all(
      names.map(
        async (name) =>
          `${name} ${((await stat(`${daemon.folder}/${name}`)).mode & 0o777).toString(8)}`,
      ),
    );
    expect(modes).toEqual(
      ['heph.db', 'heph.db-shm', 'heph.db-wal', 'heph.db.lock', 'hephd.log', 's'].map(
        (name) => `${name} 600`,
      ),
    );
  });
});

test('a daemon that is told to go finishes what has begun, takes its socket away, and says 0', async () => {
  await using daemon = await startDaemon();
  const heph = hephOn(daemon.socket);
  await heph(['task', 'Kept']);
  using peer = await daemon.greeted();
  peer.say({ id: 1, method: 'task.list', params: {} });
  peer.say({ id: 2, method: 'task.next', params: {} });
  expect(await peer.next()).toMatchObject({ id: 2 });
  const ended = daemon.kill('SIGTERM');
  expect(await peer.next()).toMatchObject({ id: 1, result: { rows: [{ title: 'Kept' }] } });
  expect(await ended).toEqual({ code: 0, signal: undefined, stdout: '', stderr: '' });
  expect((await readdir(daemon.folder)).toSorted()).toEqual([
    'heph.db',
    'heph.db.lock',
    'hephd.log',
  ]);
});

test.each(['SIGINT', 'SIGHUP', 'SIGTERM'] as const)('%s is a reason to go', async (signal) => {
  await using daemon = await startDaemon();
  expect(await daemon.kill(signal)).toMatchObject({ code: 0 });
});
