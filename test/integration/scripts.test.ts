import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TaskRow } from '#protocol/tasks.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn, type Heph } from '../support/heph.ts';
import { writeProgram } from '../support/program.ts';

/** Scripts as people have them, which call heph from the PATH: they must go on working as they are. */
describe.each(builds)('with heph ($name), the script that', (build) => {
  let daemon: Daemon;
  let heph: Heph;
  let project: string;
  let projects = 0;
  beforeAll(async () => {
    daemon = await startDaemon();
    heph = hephOn(daemon.socket, build);
    await writeProgram(`${daemon.folder}/heph`, build.command);
  });
  afterAll(() => daemon[Symbol.asyncDispose]());
  beforeEach(async () => {
    project = `Project ${++projects}`;
    await heph(['project', 'add', project]);
  });

  const run = (name: string, args: string[], input = '') =>
    execa(`fixtures/scripts/${name}`, args, {
      ...(name.endsWith('.mjs') ? { node: true } : {}),
      env: {
        PATH: `${daemon.folder}:${process.env['PATH']}`,
        HEPH_SOCKET: daemon.socket,
        HOME: daemon.folder,
      },
      extendEnv: false,
      reject: false,
      input,
    });
  const list = async (...words: string[]) =>
    (await heph(['list', '--project', project, '--json', ...words])).json<TaskRow[]>();
  const context = async (id: string) => (await heph(['context', id])).stdout;
  const log = async (id: string) =>
    (await heph(['log', id, '--json'])).json<{ text: string }[]>().map(({ text }) => text);

  test('files requests takes the id from a line, and closes what a newer one supersedes', async () => {
    const file = async (stamp: string) =>
      (await run('request.sh', ['file', project, 'Sign the form'], `Please.\nstamp ${stamp}`))
        .stdout;
    const [first, second] = [await file('one'), await file('two')];
    expect(first).toMatch(/^01[A-Z0-9]{24}$/);
    await run('request.sh', ['add', first, 'It is on your desk']);
    expect(await context(first)).toBe('Please.\nstamp one\nIt is on your desk\n');
    await run('request.sh', ['supersede', project, 'Sign the form', 'stamp one', 'see the newer']);
    expect(await log(first)).toEqual(['see the newer']);
    expect(await list()).toMatchObject([{ node_id: second, attention: 'orange' }]);
    expect(await list('--state', 'done')).toMatchObject([{ node_id: first }]);
  });

  test('verifies closes those of its pattern that are settled, and no other', async () => {
    const file = (title: string, text: string) =>
      heph(['task', title, '--project', project, '--context', text]);
    await file('Check: disk', 'host web1\nresult: ok');
    await file('Check: network', 'host web1\nresult: failed');
    await file('Another', 'result: ok');
    const since = (await list()).map((row) => row.created_at).toSorted((a, b) => a - b)[0] ?? 0;
    const verify = (ms: number) =>
      run('verify.mjs', [project, '^Check: ', '^result: ok$', String(ms)]);
    expect(await verify(since + 86_400_000)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await verify(since)).toMatchObject({ exitCode: 0, stdout: 'Check: disk' });
    expect((await list()).map(({ title }) => title).toSorted()).toEqual([
      'Another',
      'Check: network',
    ]);
    const [done] = await list('--state', 'done');
    expect(await log(done?.node_id ?? '')).toEqual([
      `verified, filed ${new Date(done?.created_at ?? 0).toISOString()}`,
    ]);
  });

  test.each(['synchronise-by-line.mjs', 'synchronise-by-key.mjs'])(
    'synchronises every hour files each once and closes what is mended: %s',
    async (name) => {
      const hour = async (wrong: Record<string, string>) => {
        expect(await run(name, [project], JSON.stringify(wrong))).toMatchObject({ exitCode: 0 });
        return (await list()).map(({ title }) => title).toSorted();
      };
      expect(await hour({ 'web1/disk': 'Disk', 'web1/cert': 'Certificate' })).toEqual([
        'Certificate',
        'Disk',
      ]);
      const disk = (await list()).find(({ title }) => title === 'Disk');
      expect(await hour({ 'web1/disk': 'Disk', 'web2/cert': 'Another' })).toEqual([
        'Another',
        'Disk',
      ]);
      expect((await list()).map(({ node_id: id }) => id)).toContain(disk?.node_id);
      expect(await hour({})).toEqual([]);
      expect(await list('--state', 'done')).toHaveLength(3);
    },
  );

  test('watches makes its project once, and reads the id from JSON', async () => {
    const name = `Watched things ${projects}`;
    const see = async (what: string) => (await run('watcher.sh', [name, what, 'seen'])).stdout;
    const [first, second] = [await see('A leak'), await see('A crack')];
    expect(await context(second)).toBe('seen\n');
    const rows = (await heph(['list', '--project', name, '--json'])).json<TaskRow[]>();
    const midnight = new Date(new Date().setUTCHours(0, 0, 0, 0)).getTime();
    expect(rows).toMatchObject([
      { node_id: first, attention: 'red', do_date: midnight },
      { node_id: second, attention: 'red', do_date: midnight },
    ]);
    const named = (await heph(['project', 'list'])).stdout
      .split('\n')
      .filter((line) => line.endsWith(` ${name}`));
    expect(named).toHaveLength(1);
  });

  test('polls hears that its task is closed, is disarmed, or gives up', async () => {
    const file = async () =>
      (
        await heph(['task', 'Approve', '--project', project, '--tag', 'armed', '--json'])
      ).json<TaskRow>().node_id;
    const id = await file();
    expect(await run('poll.sh', [id, 'armed', '1'])).toMatchObject({ exitCode: 5 });
    const polling = run('poll.sh', [id, 'armed', '1000']);
    await heph(['drop', id]);
    expect(await polling).toMatchObject({ exitCode: 0, stdout: 'dropped' });
    const other = await file();
    await heph(['tag', 'remove', other, 'armed']);
    expect(await run('poll.sh', [other, 'armed', '1000'])).toMatchObject({ exitCode: 4 });
  });

  test('waits in place of polling hears the same', async () => {
    const { node_id: id } = (
      await heph(['task', 'Approve', '--project', project, '--json'])
    ).json<TaskRow>();
    expect(await run('wait.sh', [id, '1s'])).toMatchObject({ exitCode: 5 });
    const waiting = run('wait.sh', [id, '10m']);
    await heph(['done', id]);
    expect(await waiting).toMatchObject({ exitCode: 0, stdout: 'done' });
    expect(await run('wait.sh', ['ZZZZ', '10m'])).toMatchObject({ exitCode: 1 });
  });

  test('reads rows finds the fields that scripts know, of the types that they know', async () => {
    await heph(['task', 'Plain', '--project', project]);
    await heph([
      'task',
      'Full',
      '--project',
      project,
      '--recur',
      'weekly',
      '--do-date',
      'today',
      '--late-on',
      '+3d',
    ]);
    const known = (row: TaskRow) => ({
      node_id: row.node_id.length,
      title: row.title,
      state: row.state,
      attention: row.attention,
      do_date: typeof row.do_date,
      late_on: typeof row.late_on,
      recurrence: /^FREQ=[A-Z]+/.exec(row.recurrence ?? '')?.[0] ?? null,
      created_at: row.created_at > 1_700_000_000_000,
      tombstoned: row.tombstoned,
    });
    const same = { node_id: 26, state: 'outstanding', attention: 'white' };
    expect((await list()).map(known)).toEqual([
      {
        ...same,
        title: 'Full',
        do_date: 'number',
        late_on: 'number',
        recurrence: 'FREQ=WEEKLY',
        created_at: true,
        tombstoned: false,
      },
      {
        ...same,
        title: 'Plain',
        do_date: 'object',
        late_on: 'object',
        recurrence: null,
        created_at: true,
        tombstoned: false,
      },
    ]);
  });
});
