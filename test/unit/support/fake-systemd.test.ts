import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, STAND_IN, TemporaryHome, told, until } from '../../support/fake-bench.ts';
import { FakeSystemd, type FakeSystemdOptions } from '../../support/fake-systemd.ts';

const FOLDER = '.config/systemd/user';
const HEPH = `${FOLDER}/heph.service`;

let home: TemporaryHome;
let fake: FakeSystemd;

beforeEach(() => {
  home = new TemporaryHome();
  fake = new FakeSystemd({ home: home.path, timeScale: 0.02 });
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

async function use(options: Partial<FakeSystemdOptions>): Promise<void> {
  await fake[Symbol.asyncDispose]();
  fake = new FakeSystemd({ home: home.path, timeScale: 0.02, ...options });
}

/** `systemctl --user …`, and what it told. */
async function systemctl(line: string): Promise<string> {
  const args = ['--user', '--no-pager', ...line.split(' ')];
  return told(await fake.run('systemctl', args, { limitMs: 5000, env: { LC_ALL: 'C' } }));
}

async function show(): Promise<Record<string, string>> {
  const lines = (await systemctl('show heph.service')).split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

async function state(): Promise<string> {
  const { ActiveState, SubState, Result } = await show();
  return `${ActiveState}/${SubState} ${Result}`;
}

async function pid(): Promise<number> {
  return Number((await show())['MainPID']);
}

let written = Date.now() / 1000 - 10_000;

/** Write the unit, each time later than before, as only times tell that a text has changed. */
function unit(service: string, more = '', name = HEPH): void {
  const install = '[Install]\nWantedBy=default.target\n';
  const path = home.write(
    name,
    `[Unit]\nDescription=x\n${more}\n[Service]\n${service}\n${install}`,
  );
  written += 10;
  utimesSync(path, written, written);
}

function daemon(words = '', settings = 'Type=exec\nRestart=always\nRestartSec=1'): void {
  unit(`ExecStart=${STAND_IN} ${words}\n${settings}\nStandardOutput=append:%h/log`);
}

/** The stand-in has set its traps. */
async function started(times = 1): Promise<void> {
  await until(() => home.lines('log').filter((line) => line.startsWith('started')).length >= times);
}

const ABSENT: [string, string, string][] = [
  ['is-active', 'inactive\nrc 3', 'inactive\nrc 4'],
  [
    'is-enabled',
    'Failed to get unit file state for heph.service: No such file or directory\nrc 1',
    'not-found\nrc 4',
  ],
  ['is-failed', 'inactive\nrc 1', 'inactive\nrc 4'],
  ['status', 'Unit heph.service could not be found.\nrc 4', ''],
  ['cat', 'No files found for heph.service.\nrc 1', ''],
  ['start', 'Failed to start heph.service: Unit heph.service not found.\nrc 5', ''],
  ['try-restart', 'Failed to try-restart heph.service: Unit heph.service not found.\nrc 5', ''],
  ['stop', 'Failed to stop heph.service: Unit heph.service not loaded.\nrc 5', ''],
  ['kill', 'Failed to kill unit heph.service: Unit heph.service not loaded.\nrc 1', ''],
  [
    'reset-failed',
    'Failed to reset failed state of unit heph.service: Unit heph.service not loaded.\nrc 1',
    '',
  ],
  [
    'enable',
    'Failed to enable unit: Unit file heph.service does not exist.\nrc 1',
    'Failed to enable unit: Unit heph.service does not exist\nrc 1',
  ],
  [
    'disable --now',
    'Failed to disable unit: Unit file heph.service does not exist.\nrc 1',
    'Failed to disable unit: Unit heph.service does not exist\nrc 1',
  ],
];

describe('without a unit', () => {
  it.each(ABSENT)('%s, in 252 and in 257', async (verb, old, recent) => {
    await use({ version: 252 });
    expect(await systemctl(`${verb} heph.service`)).toBe(old);
    await use({ version: 257 });
    expect(await systemctl(`${verb} heph`)).toBe(recent || old);
  });

  it('show succeeds, in its own order', async () => {
    const line = 'show -p UnitFileState,LoadState -p MainPID heph.service';
    expect(await systemctl(line)).toBe('MainPID=0\nLoadState=not-found\nUnitFileState=\nrc 0');
    expect(await systemctl(`${line} --value`)).toBe('0\nnot-found\n\nrc 0');
  });

  it.each([
    ['start', 'Too few arguments.\nrc 1'],
    ['foo', "Unknown command verb 'foo'.\nrc 1"],
    ['start --bogus heph', "systemctl: unrecognized option '--bogus'\nrc 1"],
    ['is-system-running', 'running\nrc 0'],
    ['show -p Version --value', '257.1\nrc 0'],
  ])('%s', async (line, expected) => {
    expect(await systemctl(line)).toBe(expected);
  });
});

describe('a life', () => {
  it('loads lazily, starts once, and stops', async () => {
    daemon();
    expect(await systemctl('is-enabled heph')).toBe('disabled\nrc 1');
    expect(await systemctl('start heph')).toBe('rc 0');
    const first = await pid();
    expect(isAlive(first)).toBe(true);
    expect(await systemctl('start heph')).toBe('rc 0');
    expect(await pid()).toBe(first);
    expect(await systemctl('is-active heph')).toBe('active\nrc 0');
    expect(await systemctl('stop heph')).toBe('rc 0');
    expect(isAlive(first)).toBe(false);
    expect(await systemctl('stop heph')).toBe('rc 0');
  });

  it('links a unit that is enabled, and says so once', async () => {
    daemon();
    const link = join(home.path, FOLDER, 'default.target.wants/heph.service');
    const path = join(home.path, HEPH);
    expect(await systemctl('enable heph')).toBe(`Created symlink '${link}' -> '${path}'.\nrc 0`);
    expect(readlinkSync(link)).toBe(path);
    expect(await systemctl('enable heph')).toBe('rc 0');
    expect(await systemctl('is-enabled heph')).toBe('enabled\nrc 0');
    expect(await systemctl('disable heph')).toBe(`Removed '${link}'.\nrc 0`);
    expect(lstatSync(join(link, '..'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('forgets a unit that is down and not wanted, remembers one that is', async () => {
    daemon();
    await systemctl('start heph');
    await systemctl('stop heph');
    expect(await show()).toMatchObject({ ExecMainCode: '0', ExecMainPID: '0' });
    await systemctl('enable --now heph');
    await systemctl('stop heph');
    expect(await show()).toMatchObject({ ExecMainCode: '2', ExecMainStatus: '15' });
  });

  it('comes back at the next login when it was stopped, not when it was disabled', async () => {
    daemon();
    await systemctl('enable --now heph');
    await systemctl('stop heph');
    await fake.logout();
    expect(await systemctl('is-active heph')).toContain('No such file or directory');
    await fake.login();
    expect(await state()).toBe('active/running success');
    await systemctl('disable heph');
    await fake.logout();
    await fake.login();
    expect(await state()).toBe('inactive/dead success');
  });

  it('lives through a logout with linger only', async () => {
    daemon();
    await systemctl('enable --now heph');
    const first = await pid();
    await fake.run('loginctl', ['enable-linger'], { limitMs: 1000 });
    await fake.logout();
    expect(await pid()).toBe(first);
    fake.knobs.linger = 'no';
    await fake.logout();
    expect(isAlive(first)).toBe(false);
  });

  it('gives a process what a user manager gives', async () => {
    await use({ env: { HEPH_DB: '/dev/x', LANG: 'C.UTF-8' }, user: 'ada', uid: 4711 });
    const settings = ['Environment="A=b c" X=$HOME Y=%%', 'UnsetEnvironment=HEPH_DB', 'UMask=0077'];
    unit(`ExecStart=/usr/bin/env\n${settings.join('\n')}\nStandardOutput=append:%h/log`);
    await systemctl('start heph');
    await until(async () => (await pid()) === 0);
    const env = Object.fromEntries(home.lines('log').map((line) => line.split('=')));
    expect(env).toEqual({
      HOME: home.path,
      USER: 'ada',
      PATH: '/usr/local/bin:/usr/bin:/bin',
      XDG_RUNTIME_DIR: '/run/user/4711',
      LANG: 'C.UTF-8',
      MANAGERPID: String(process.pid),
      SYSTEMD_EXEC_PID: expect.stringMatching(/^\d+$/),
      INVOCATION_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
      A: 'b c',
      X: '$HOME',
      Y: '%',
    });
    expect(lstatSync(join(home.path, 'log')).mode & 0o777).toBe(0o600);
  });
});

describe('what comes back', () => {
  it.each([
    ['always', 'exit=0', true],
    ['always', 'exit=3', true],
    ['on-failure', 'exit=0', false],
    ['on-failure', 'exit=3', true],
    ['on-failure', 'exit=5', false],
    ['always', 'exit=78', false],
    ['no', 'exit=3', false],
  ])('Restart=%s after %s: %s', async (restart, words, expected) => {
    await use({ knobs: { startLimit: false } });
    const codes = 'SuccessExitStatus=5\nRestartPreventExitStatus=78';
    daemon(words, `Type=exec\nRestart=${restart}\n${codes}`);
    await systemctl('enable --now heph');
    await started(expected ? 3 : 1);
    await until(async () => (await pid()) === 0);
    expect(/activating|active\/running/.test(await state())).toBe(expected);
  });

  it.each([
    ['on-failure', 'SIGKILL', true, 'signal'],
    ['on-failure', 'SIGTERM', false, 'success'],
    ['always', 'SIGTERM', true, 'success'],
  ] as const)('Restart=%s after %s: %s', async (restart, signal, expected, result) => {
    daemon('', `Type=exec\nRestart=${restart}\nRestartSec=infinity`);
    await systemctl('enable --now heph');
    process.kill(await pid(), signal);
    await until(async () => (await pid()) === 0);
    const states = { true: 'activating/auto-restart', false: 'inactive/dead' };
    expect(await state()).toBe(`${states[`${expected}`]} ${result}`);
    expect(await systemctl('is-active heph')).toBe(
      expected ? 'activating\nrc 3' : 'inactive\nrc 3',
    );
  });

  it('counts respawns; a start waits for the one to come, a restart does not', async () => {
    daemon('', 'Type=exec\nRestart=always\nRestartSec=10');
    await systemctl('enable --now heph');
    process.kill(await pid(), 'SIGKILL');
    await until(async () => (await pid()) === 0);
    expect(await systemctl('start heph')).toBe('rc 0');
    expect(await show()).toMatchObject({ NRestarts: '1', SubState: 'running' });
    expect(await systemctl('restart heph')).toBe('rc 0');
    expect(await show()).toMatchObject({ NRestarts: '0', SubState: 'running' });
  });

  it('stays down when stopped between two lives, and tells a start that waited', async () => {
    daemon('', 'Type=exec\nRestart=always\nRestartSec=infinity');
    await systemctl('enable --now heph');
    process.kill(await pid(), 'SIGKILL');
    await until(async () => (await pid()) === 0);
    const waiting = systemctl('start heph');
    expect(await systemctl('stop heph')).toBe('rc 0');
    expect(await waiting).toBe('Job for heph.service canceled.\nrc 1');
    expect(await state()).toBe('inactive/dead signal');
  });

  it('ten starts at once are one', async () => {
    daemon();
    const starts = Array.from({ length: 10 }, () => systemctl('start heph'));
    expect(new Set(await Promise.all(starts))).toEqual(new Set(['rc 0']));
    await started();
    expect(home.lines('log')).toHaveLength(1);
  });
});

const TOO_OFTEN = [
  'Job for heph.service failed because start of the service was attempted too often.',
  'See "systemctl --user status heph.service" and "journalctl --user -xeu heph.service" for details.',
  'To force a start use "systemctl --user reset-failed heph.service"',
  'followed by "systemctl --user start heph.service" again.',
  'rc 1',
].join('\n');

describe('the start limit', () => {
  beforeEach(() => use({ startLimitScale: 1 }));

  it('counts starts by hand, and leaves the daemon down', async () => {
    daemon();
    for (let count = 1; count <= 5; count += 1)
      expect(await systemctl('restart heph')).toBe('rc 0');
    expect(await systemctl('restart heph')).toBe(TOO_OFTEN);
    expect(await state()).toBe('failed/failed start-limit-hit');
    expect(await systemctl('is-failed heph')).toBe('failed\nrc 0');
    expect(await systemctl('reset-failed heph')).toBe('rc 0');
    expect(await systemctl('start heph')).toBe('rc 0');
  });

  it('ends a crash loop', async () => {
    daemon('exit=3', 'Type=exec\nRestart=always');
    await systemctl('start heph');
    await until(async () => (await state()) === 'failed/failed exit-code');
    expect(await show()).toMatchObject({ NRestarts: '5', ExecMainCode: '1', ExecMainStatus: '3' });
    expect(await systemctl('start heph')).toMatch(
      /because the control process exited .*\n.*\nrc 1/,
    );
  });

  it.each(['StartLimitIntervalSec=0', 'StartLimitBurst=9'])('%s in [Unit]', async (line) => {
    unit(`ExecStart=${STAND_IN}`, line);
    for (let count = 1; count <= 8; count += 1)
      expect(await systemctl('restart heph')).toBe('rc 0');
  });

  it('StartLimitIntervalSec= in [Service] says nothing', async () => {
    unit(`ExecStart=${STAND_IN}\nStartLimitIntervalSec=0`);
    expect(await show()).toMatchObject({ StartLimitIntervalUSec: '10s' });
  });
});

const STALE =
  "Warning: The unit file, source configuration file or drop-ins of heph.service changed on disk. Run 'systemctl --user daemon-reload' to reload units.\nrc 0";

describe('a text that changes', () => {
  it('is not read before a reload', async () => {
    daemon('one');
    await systemctl('enable --now heph');
    await started(1);
    daemon('two');
    expect(await show()).toMatchObject({ NeedDaemonReload: 'yes' });
    expect(await systemctl('restart heph')).toBe(STALE);
    await started(2);
    await systemctl('daemon-reload');
    await systemctl('restart heph');
    await started(3);
    const words = home.lines('log').map((line) => line.split(' ')[2]);
    expect(words).toEqual(['one', 'one', 'two']);
  });

  it('rules a running process from the reload on', async () => {
    daemon('', 'Type=exec\nRestart=on-failure');
    await systemctl('enable --now heph');
    await started();
    const first = await pid();
    daemon('', 'Type=exec\nRestart=always\nRestartSec=1');
    await systemctl('daemon-reload');
    expect(await pid()).toBe(first);
    process.kill(first, 'SIGUSR1');
    await started(2);
    expect(await show()).toMatchObject({ NRestarts: '1' });
  });

  it('loses a running daemon that is removed before it is stopped', async () => {
    daemon();
    await systemctl('enable --now heph');
    rmSync(join(home.path, HEPH));
    expect(await show()).toMatchObject({ UnitFileState: 'bad', NeedDaemonReload: 'yes' });
    expect(await systemctl('disable heph')).toMatch(/^Removed .*\nrc 0$/);
    expect(await show()).toMatchObject({ LoadState: 'not-found', ActiveState: 'active' });
    expect(await systemctl('restart heph')).toMatch(/Unit heph.service not found.\nrc 5/);
    expect(await systemctl('stop heph')).toBe('rc 0');
    expect(await systemctl('stop heph')).toMatch(/not loaded.\nrc 5/);
  });

  it('is changed by drop-ins, whose folder has to be known', async () => {
    daemon();
    await systemctl('start heph');
    const path = home.write(
      `${HEPH}.d/10.conf`,
      `[Service]\nExecStart=\nExecStart=${STAND_IN} more\n`,
    );
    expect(await show()).toMatchObject({ NeedDaemonReload: 'no' });
    await systemctl('daemon-reload');
    expect(await show()).toMatchObject({ DropInPaths: path });
    expect((await show())['ExecStart']).toContain(`argv[]=${STAND_IN} more ;`);
    rmSync(path);
    expect(await show()).toMatchObject({ NeedDaemonReload: 'yes' });
  });
});

describe('what cannot be started', () => {
  it.each([
    ['a missing program', 'ExecStart=/nope', '203'],
    ['a missing interpreter', 'ExecStart=%h/script', '203'],
    [
      'a missing folder for the log',
      `ExecStart=${STAND_IN}\nStandardOutput=append:%h/no/log`,
      '209',
    ],
    ['a missing working directory', `ExecStart=${STAND_IN}\nWorkingDirectory=%h/no`, '200'],
  ])('%s', async (_, service, status) => {
    home.write('script', '#!/no/such/interpreter\n', 0o755);
    unit(`Type=exec\nRestart=no\n${service}`);
    expect(await systemctl('start heph')).toMatch(
      /because the control process exited .*\n.*\nrc 1$/,
    );
    expect(await show()).toMatchObject({ ExecMainCode: '1', ExecMainStatus: status });
    unit(`Type=simple\nRestart=no\n${service}`);
    await systemctl('daemon-reload');
    expect(await systemctl('start heph')).toBe('rc 0');
    await until(async () => (await state()) === 'failed/failed exit-code');
  });

  it.each([
    'ExecStart=/bin/true %z',
    'ExecStart=bin/true',
    'ExecStart=/bin/true "open',
    'ExecStart=/bin/true ; /bin/true',
    'Type=exec',
    'ExecStart=/bin/true\nWorkingDirectory="/tmp"',
  ])('a bad setting: %s', async (service) => {
    unit(service);
    expect(await systemctl('start heph')).toBe(
      "Failed to start heph.service: Unit heph.service has a bad unit file setting.\nSee user logs and 'systemctl --user status heph.service' for details.\nrc 1",
    );
    expect(await show()).toMatchObject({ LoadState: 'bad-setting' });
    expect(await systemctl('enable heph')).toMatch(/rc 0$/);
  });

  it.each([
    ['start', 'Failed to start heph.service: Unit heph.service is masked.\nrc 1'],
    ['enable', 'Failed to enable unit: Unit $ is masked\nrc 1'],
    ['is-enabled', 'masked\nrc 1'],
    ['disable', 'Unit $ is masked, ignoring.\nrc 0'],
    ['stop', 'rc 0'],
  ])('a masked unit: %s', async (verb, expected) => {
    const path = join(home.path, HEPH);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync('/dev/null', path);
    expect(await systemctl(`${verb} heph`)).toBe(expected.replace('$', path));
    expect(await show()).toMatchObject({ LoadState: 'masked' });
  });

  it('a linked unit can, and loses its link when it is disabled', async () => {
    unit(`ExecStart=${STAND_IN}`, '', 'elsewhere/heph.service');
    const path = join(home.path, HEPH);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync(join(home.path, 'elsewhere/heph.service'), path);
    expect(await systemctl('is-enabled heph')).toBe('linked\nrc 1');
    expect(await systemctl('start heph')).toBe('rc 0');
    await systemctl('disable heph');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe('an end', () => {
  it('is forced when SIGTERM is ignored, and then a failure', async () => {
    daemon('term=ignore', 'Type=exec\nRestart=always\nTimeoutStopSec=10\nKillMode=mixed');
    await systemctl('enable --now heph');
    await started();
    expect(await systemctl('stop --no-block heph')).toBe('rc 0');
    expect(await state()).toBe('deactivating/stop-sigterm success');
    expect(await systemctl('stop heph')).toBe('rc 0');
    expect(await state()).toBe('failed/failed timeout');
    expect(await show()).toMatchObject({ ExecMainCode: '2', ExecMainStatus: '9' });
  });

  it('reaches a process that is suspended', async () => {
    daemon();
    await systemctl('enable --now heph');
    process.kill(await pid(), 'SIGSTOP');
    expect(await systemctl('stop heph')).toBe('rc 0');
    expect(await state()).toBe('inactive/dead success');
  });

  it.each(['mixed', 'control-group'])('leaves nothing behind: KillMode=%s', async (mode) => {
    daemon('child', `Type=exec\nRestart=no\nKillMode=${mode}`);
    await systemctl('enable --now heph');
    await until(() => home.lines('log').length === 2);
    const child = Number(home.lines('log')[1]?.split(' ')[1]);
    process.kill(await pid(), 'SIGUSR1');
    await until(async () => (await pid()) === 0);
    await until(() => !isAlive(child));
    expect(await state()).toBe('inactive/dead success');
  });

  it('comes to all when the fake is disposed', async () => {
    daemon('term=ignore child', 'Type=exec\nRestart=always\nRestartSec=0');
    await systemctl('start heph');
    await started();
    const first = await pid();
    await fake[Symbol.asyncDispose]();
    expect(isAlive(first)).toBe(false);
    expect(home.lines('log').filter((line) => line.startsWith('started'))).toHaveLength(1);
  });
});

describe('words', () => {
  it.each([
    ['plain "two words" \'single\' a"b"c', ['plain', 'two words', 'single', 'abc']],
    [String.raw`"q\"q" "b\\b" a\sb \x41 \q`, ['q"q', 'b\\b', 'a b', 'A', '\\q']],
    ['%% 100% %h/x', ['%', '100%', '@/x']],
    ['$$HOME "$$" x$HOME ${HOME}/y $HOME $NOPE', ['$HOME', '$', 'x$HOME', '@/y', '@']],
    ['"" ä "ö ü" & <', ['', 'ä', 'ö ü', '&', '<']],
  ])('%s', async (text, expected) => {
    home.write('echo', '#!/bin/sh\nprintf "[%s]\\n" "$@"\n', 0o755);
    unit(`ExecStart=%h/echo ${text}\nStandardOutput=append:%h/log`);
    await systemctl('start heph');
    await until(async () => (await pid()) === 0);
    const words = home.lines('log').map((line) => line.slice(1, -1).replace(home.path, '@'));
    expect(words).toEqual(expected);
  });

  it.each([
    ['0', '0'],
    ['1', '1s'],
    ['100ms', '100ms'],
    ['90', '1min 30s'],
    ['1h30min', '1h 30min'],
    ['1.5', '1.500000s'],
    ['infinity', 'infinity'],
    ['nonsense', '100ms'],
  ])('RestartSec=%s prints as %s', async (text, expected) => {
    unit(`ExecStart=/bin/true\nRestartSec=${text}`);
    expect(await show()).toMatchObject({ RestartUSec: expected });
  });
});

describe('knobs', () => {
  it.each([
    [252, 'no-medium', 'Failed to connect to bus: No medium found\nrc 1'],
    [252, 'no-such-file', 'Failed to connect to bus: No such file or directory\nrc 1'],
    [252, 'host-down', 'Failed to connect to bus: Host is down\nrc 1'],
    [
      257,
      'not-defined',
      'Failed to connect to user scope bus via local transport: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)\nrc 1',
    ],
  ] as const)('no bus, %s: %s', async (version, noBus, expected) => {
    await use({ version, knobs: { noBus } });
    daemon();
    expect(await systemctl('start heph')).toBe(expected);
    expect(await systemctl('enable heph')).toBe(expected);
  });

  it('not booted: enabling is work on files, and succeeds', async () => {
    await use({ version: 252, knobs: { notBooted: true } });
    daemon();
    expect(await systemctl('enable heph')).toMatch(/^Created symlink .*\nrc 0$/);
    expect(await systemctl('is-enabled heph')).toBe('enabled\nrc 0');
    expect(await systemctl('disable --now heph')).toMatch(/^Removed .*\n.*No medium found\nrc 1$/);
    expect(await systemctl('is-system-running')).toBe('offline\nrc 1');
    const system = await fake.run('systemctl', ['show'], { limitMs: 1000 });
    expect(told(system)).toMatch(/^System has not been booted .*\n.*Host is down\nrc 1$/);
  });

  it('needs the right XDG_RUNTIME_DIR', async () => {
    await use({ uid: 4711, version: 252, knobs: { needsRuntimeDir: true } });
    const call = async (dir: string | null) =>
      told(
        await fake.run('systemctl', ['--user', 'is-system-running'], {
          limitMs: 1000,
          env: { XDG_RUNTIME_DIR: dir },
        }),
      );
    expect(await call(null)).toBe('Failed to connect to bus: No medium found\nrc 1');
    expect(await call('/run/user/1')).toBe(
      'Failed to connect to bus: No such file or directory\nrc 1',
    );
    expect(await call('/run/user/4711')).toBe('running\nrc 0');
  });

  it('hangs, fails at the k-th call, before or after the work, and is missing', async () => {
    daemon();
    fake.knobs.hang = [{ verb: 'show' }];
    expect(await systemctl('show heph')).toBe('timeout');
    fake.knobs.hang = [];
    fake.knobs.fail = [{ verb: '*', call: 2, when: 'after', code: 7, text: 'no' }];
    expect(await systemctl('is-active heph')).toMatch(/rc 3/);
    expect(await systemctl('start heph')).toBe('no\nrc 7');
    expect(await systemctl('is-active heph')).toBe('active\nrc 0');
    fake.knobs.missing = true;
    expect(await systemctl('is-active heph')).toBe('missing');
    expect(fake.calls.map(({ args }) => args[2])).toEqual([
      'show',
      'is-active',
      'start',
      'is-active',
    ]);
  });

  it.each([
    ['yes', 'Linger=yes\nrc 0'],
    ['no', 'Linger=no\nrc 0'],
    ['hang', 'timeout'],
  ] as const)('linger %s', async (linger, expected) => {
    await use({ user: 'ada', knobs: { linger } });
    const args = ['show-user', 'ada', '-p', 'Linger'];
    expect(told(await fake.run('loginctl', args, { limitMs: 100 }))).toBe(expected);
  });

  it('a system unit of the same name', async () => {
    const call = async () =>
      told(
        await fake.run('systemctl', ['show', '-p', 'LoadState', 'heph.service'], { limitMs: 100 }),
      );
    expect(await call()).toBe('LoadState=not-found\nrc 0');
    fake.knobs.systemUnitDuplicate = true;
    expect(await call()).toBe('LoadState=loaded\nrc 0');
  });
});
