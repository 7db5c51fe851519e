import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Status } from '#service/status.ts';
import { root } from '../../scripts/support.ts';
import { installFor, unpackArtefact, type Shell } from '../support/artefact.ts';
import { missingEngine, Target } from '../support/target.ts';

const missing = await missingEngine();
beforeEach((context) => context.skip(missing !== undefined, missing));

/** One machine without Node and without a network; each test is another user of it. */
let target: Target;

beforeAll(async () => {
  if (missing !== undefined) return;
  target = await Target.start('trixie', { binds: [{ source: root, target: '/src', mode: 'ro' }] });
  await unpackArtefact(target);
});
afterAll(async () => {
  if (missing === undefined) await target[Symbol.asyncDispose]();
});

const statusOf = async (sh: Shell): Promise<Status> =>
  JSON.parse((await sh('heph daemon status --json')).stdout) as Status;
const titles = async (sh: Shell): Promise<string[]> =>
  (JSON.parse((await sh('heph list --json')).stdout) as { title: string }[]).map(
    (row) => row.title,
  );
const waitFor = (sh: Shell, fits: (status: Status) => boolean) =>
  target.waitFor('the daemon to be so', async () => fits(await statusOf(sh)), {
    timeoutMs: 20_000,
  });

test('from the artefact to an answer, through a clean exit, a kill, restart, stop and uninstall', async () => {
  const { sh } = await installFor(target, 'main');
  const started = await sh('heph daemon start');
  expect(started).toMatchObject({ code: 0, stderr: '' });
  const { pid } = await statusOf(sh);
  expect((await sh('heph daemon start')).stdout).toMatch(`already running, pid ${pid}`);
  expect((await statusOf(sh)).pid).toBe(pid);

  await sh('heph task "Pay the rent" --attention red');
  expect((await sh('heph next')).stdout).toMatch(/\tred\tPay the rent\t/);

  await sh(`kill -TERM ${pid}`);
  await waitFor(sh, (status) => status.healthy && status.pid !== pid);
  expect(await titles(sh)).toEqual(['Pay the rent']);

  await sh(
    'heph task "Written just before the kill" && kill -9 $(systemctl --user show -P MainPID heph)',
  );
  await waitFor(sh, (status) => status.healthy && status.restarts === 2);
  expect(await titles(sh)).toEqual(['Pay the rent', 'Written just before the kill']);

  for (let i = 0; i < 2; i++) {
    const before = (await statusOf(sh)).pid;
    expect((await sh('heph daemon restart')).code).toBe(0);
    expect((await statusOf(sh)).pid).not.toBe(before);
  }
  expect((await sh('heph daemon stop')).stdout).toMatch(/comes back at the next login/);
  expect((await sh('heph daemon stop')).stdout).toMatch(/already stopped/);
  const alone = await sh('heph next');
  expect(alone.code).toBe(3);
  expect(alone.stderr).toMatch(
    /^cannot reach hephd: nobody answers on \/home\/main\/.*\nstart it with: heph daemon start\n$/,
  );
  expect((await sh('heph daemon status')).code).toBe(3);

  expect((await sh('heph daemon uninstall')).stdout).toMatch(
    /the store and its log are still there/,
  );
  expect((await sh('heph daemon uninstall')).stdout).toMatch(/not installed/);
  const left = await sh(
    'ls ~/.config/systemd/user; systemctl --user list-unit-files heph.service --no-legend',
  );
  expect(left.stdout.trim()).toBe('');
  expect((await sh('heph daemon start && heph next')).stdout).toMatch('Pay the rent');
});

test('clients that write through 20 restarts see no failure, and each write is there once', async () => {
  const { user, sh } = await installFor(target, 'writers');
  await sh('heph daemon start');
  const writer = (name: number) =>
    sh(
      `i=0; while [ ! -e ~/enough ]; do i=$((i+1)); heph task "w${name}-$i" >>~/out-${name} 2>>~/err-${name} && echo "w${name}-$i" >>~/acknowledged || echo "w${name}-$i" >>~/failed; done`,
    );
  const writers = [writer(1), writer(2), writer(3)];
  for (let i = 0; i < 20; i++) expect((await sh('heph daemon restart')).code).toBe(0);
  await sh('touch ~/enough');
  await Promise.all(writers);
  expect((await sh('cat ~/failed ~/err-*')).stdout).toBe('');
  const acknowledged = (await target.readFile(`${user.home}/acknowledged`)).trim().split('\n');
  expect(acknowledged.length).toBeGreaterThan(100);
  expect((await titles(sh)).toSorted()).toEqual(acknowledged.toSorted());
});

test('through a stop, clients fail at once with exit 3', async () => {
  const { sh } = await installFor(target, 'stopper');
  await sh('heph daemon start && heph daemon restart && heph daemon stop');
  const started = Date.now();
  expect((await sh('for i in 1 2 3 4 5; do heph next; echo $?; done')).stdout).toBe(
    '3\n3\n3\n3\n3\n',
  );
  // A hand-over would have made the first of them wait ten seconds.
  expect(Date.now() - started).toBeLessThan(10_000);
});

test('a development daemon leaves the installed one alone, byte and time', async () => {
  const { user, sh } = await installFor(target, 'dev');
  await sh('heph daemon start && heph task "The real one"');
  const look = async () =>
    (
      await sh(
        'cd ~/.local/share/heph && stat -c "%n %s %Y %y %i" heph.db* hephd.log ~/.config/systemd/user/heph.service; sha256sum heph.db heph.db-wal hephd.log',
      )
    ).stdout;
  // The checkpoint a closing reader could make would be a change as well.
  const before = await look();
  const clone = `${user.home}/clone`;
  await sh(
    `mkdir ${clone} && cd /src && cp -r src scripts fixtures containers package.json ${clone} && ln -s /src/node_modules ${clone}/node_modules`,
  );
  const env = {
    PATH: `/src/node_modules/.bin:${user.home}/.local/bin:/usr/local/bin:/usr/bin:/bin`,
  };
  const dev = sh('cd ~/clone && node scripts/dev.ts >dev.log 2>&1 & echo $! >~/dev.pid; wait', env);
  const point =
    'cd ~/clone && export HEPH_SOCKET="$PWD/.dev/hephd.sock" HEPH_DB="$PWD/.dev/heph.db"';
  await target.waitFor(
    'the sample store',
    async () => (await sh(`${point}; heph next`)).stdout.includes('Renew the passport'),
    { timeoutMs: 30_000 },
  );
  expect((await sh(`${point}; heph task "Only in dev" && heph list`)).stdout).toMatch(
    'Only in dev',
  );
  expect((await sh(`${point}; heph daemon status`)).stderr).toMatch(
    'HEPH_SOCKET, HEPH_DB do not apply',
  );
  expect(await look()).toBe(before);
  await sh('kill $(cat ~/dev.pid)');
  await dev;
  expect(await titles(sh)).toEqual(['The real one']);
});

test.each([
  ['spaces', '/home/with some spaces'],
  ['percent', '/home/100%h %% of $HOME ${x}'],
  ['quotes', `/home/it's "quoted" & <so>`],
  ['letters', '/home/jürgen-日本'],
])('a home directory with %s', async (name, home) => {
  const { sh } = await installFor(target, `home-${name}`, home);
  expect(await sh('heph daemon start')).toMatchObject({ code: 0 });
  await sh('heph task "Here too"');
  expect(await titles(sh)).toEqual(['Here too']);
  expect((await sh('heph daemon restart && heph daemon uninstall')).code).toBe(0);
});

test('without XDG_RUNTIME_DIR, as over ssh or from cron, it works all the same', async () => {
  const { sh } = await installFor(target, 'cron');
  const bare = { XDG_RUNTIME_DIR: undefined, DBUS_SESSION_BUS_ADDRESS: undefined };
  expect(await sh('heph daemon start', bare)).toMatchObject({ code: 0 });
  expect(await sh('heph daemon status', bare)).toMatchObject({ code: 0 });
});

test('as root for somebody, it refuses and says how', async () => {
  const { user } = await installFor(target, 'sudoer');
  const env = { SUDO_USER: 'sudoer', HOME: user.home };
  const refused = await target.exec([`${user.home}/.local/bin/heph`, 'daemon', 'start'], {
    user: 'root',
    env,
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^cannot start hephd with sudo/);
});
