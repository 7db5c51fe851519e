import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, STAND_IN, until } from '../../support/fake-bench.ts';
import { FOLDER, HEPH, SystemdBench } from '../../support/fake-systemd-bench.ts';

let bench: SystemdBench;

beforeEach(() => {
  bench = new SystemdBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('a life', () => {
  it('loads lazily, starts once, and stops', async () => {
    bench.daemon();
    expect(await bench.systemctl('is-enabled heph')).toBe('disabled\nrc 1');
    expect(await bench.systemctl('start heph')).toBe('rc 0');
    const first = await bench.pid();
    expect(isAlive(first)).toBe(true);
    expect(await bench.systemctl('start heph')).toBe('rc 0');
    expect(await bench.pid()).toBe(first);
    expect(await bench.systemctl('is-active heph')).toBe('active\nrc 0');
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
    expect(isAlive(first)).toBe(false);
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
  });

  it('links a unit that is enabled, and says so once', async () => {
    bench.daemon();
    const link = join(bench.home.path, FOLDER, 'default.target.wants/heph.service');
    const path = join(bench.home.path, HEPH);
    expect(await bench.systemctl('enable heph')).toBe(
      `Created symlink '${link}' -> '${path}'.\nrc 0`,
    );
    expect(readlinkSync(link)).toBe(path);
    expect(await bench.systemctl('enable heph')).toBe('rc 0');
    expect(await bench.systemctl('is-enabled heph')).toBe('enabled\nrc 0');
    expect(await bench.systemctl('disable heph')).toBe(`Removed '${link}'.\nrc 0`);
    expect(lstatSync(join(link, '..'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('forgets a unit that is down and not wanted, remembers one that is', async () => {
    bench.daemon();
    await bench.systemctl('start heph');
    await bench.systemctl('stop heph');
    expect(await bench.show()).toMatchObject({ ExecMainCode: '0', ExecMainPID: '0' });
    await bench.systemctl('enable --now heph');
    await bench.systemctl('stop heph');
    expect(await bench.show()).toMatchObject({ ExecMainCode: '2', ExecMainStatus: '15' });
  });

  it('comes back at the next login when it was stopped, not when it was disabled', async () => {
    bench.daemon();
    await bench.systemctl('enable --now heph');
    await bench.systemctl('stop heph');
    await bench.fake.logout();
    expect(await bench.systemctl('is-active heph')).toContain('No such file or directory');
    await bench.fake.login();
    expect(await bench.state()).toBe('active/running success');
    await bench.systemctl('disable heph');
    await bench.fake.logout();
    await bench.fake.login();
    expect(await bench.state()).toBe('inactive/dead success');
  });

  it('lives through a logout with linger only', async () => {
    bench.daemon();
    await bench.systemctl('enable --now heph');
    const first = await bench.pid();
    await bench.fake.run('loginctl', ['enable-linger'], { limitMs: 1000 });
    await bench.fake.logout();
    expect(await bench.pid()).toBe(first);
    bench.fake.knobs.linger = 'no';
    await bench.fake.logout();
    expect(isAlive(first)).toBe(false);
  });

  it('gives a process what a user manager gives', async () => {
    await bench.use({ env: { HEPH_DB: '/dev/x', LANG: 'C.UTF-8' }, user: 'ada', uid: 4711 });
    const settings = ['Environment="A=b c" X=$HOME Y=%%', 'UnsetEnvironment=HEPH_DB', 'UMask=0077'];
    bench.unit(`ExecStart=/usr/bin/env\n${settings.join('\n')}\nStandardOutput=append:%h/log`);
    await bench.systemctl('start heph');
    await until(async () => (await bench.pid()) === 0);
    const env = Object.fromEntries(bench.home.lines('log').map((line) => line.split('=')));
    expect(env).toEqual({
      HOME: bench.home.path,
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
    expect(lstatSync(join(bench.home.path, 'log')).mode & 0o777).toBe(0o600);
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
    await bench.use({ knobs: { startLimit: false } });
    const codes = 'SuccessExitStatus=5\nRestartPreventExitStatus=78';
    bench.daemon(words, `Type=exec\nRestart=${restart}\n${codes}`);
    await bench.systemctl('enable --now heph');
    await bench.started(expected ? 3 : 1);
    await until(async () => (await bench.pid()) === 0);
    expect(/^(activating|active)\//.test(await bench.state())).toBe(expected);
  });

  it.each([
    ['on-failure', 'SIGKILL', true, 'signal'],
    ['on-failure', 'SIGTERM', false, 'success'],
    ['always', 'SIGTERM', true, 'success'],
  ] as const)('Restart=%s after %s: %s', async (restart, signal, expected, result) => {
    bench.daemon('', `Type=exec\nRestart=${restart}\nRestartSec=infinity`);
    await bench.systemctl('enable --now heph');
    process.kill(await bench.pid(), signal);
    const states = { true: 'activating/auto-restart', false: 'inactive/dead' };
    const end = `${states[`${expected}`]} ${result}`;
    await until(async () => (await bench.state()) === end);
    expect(await bench.systemctl('is-active heph')).toBe(
      expected ? 'activating\nrc 3' : 'inactive\nrc 3',
    );
  });

  it('counts respawns; a start waits for the one to come, a restart does not', async () => {
    bench.daemon('', 'Type=exec\nRestart=always\nRestartSec=10');
    await bench.systemctl('enable --now heph');
    process.kill(await bench.pid(), 'SIGKILL');
    await until(async () => (await bench.show())['SubState'] === 'auto-restart');
    expect(await bench.systemctl('start heph')).toBe('rc 0');
    expect(await bench.show()).toMatchObject({ NRestarts: '1', SubState: 'running' });
    expect(await bench.systemctl('restart heph')).toBe('rc 0');
    expect(await bench.show()).toMatchObject({ NRestarts: '0', SubState: 'running' });
  });

  it('stays down when stopped between two lives, and tells a start that waited', async () => {
    bench.daemon('', 'Type=exec\nRestart=always\nRestartSec=infinity');
    await bench.systemctl('enable --now heph');
    process.kill(await bench.pid(), 'SIGKILL');
    await until(async () => (await bench.show())['SubState'] === 'auto-restart');
    const waiting = bench.systemctl('start heph');
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
    expect(await waiting).toBe('Job for heph.service canceled.\nrc 1');
    expect(await bench.state()).toBe('inactive/dead signal');
  });

  it('ten starts at once are one', async () => {
    bench.daemon();
    const starts = Array.from({ length: 10 }, () => bench.systemctl('start heph'));
    expect(new Set(await Promise.all(starts))).toEqual(new Set(['rc 0']));
    await bench.started();
    expect(bench.home.lines('log')).toHaveLength(1);
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
  beforeEach(() => bench.use({ startLimitScale: 1 }));

  it('counts starts by hand, and leaves the daemon down', async () => {
    bench.daemon();
    for (let count = 1; count <= 5; count += 1)
      expect(await bench.systemctl('restart heph')).toBe('rc 0');
    expect(await bench.systemctl('restart heph')).toBe(TOO_OFTEN);
    expect(await bench.state()).toBe('failed/failed start-limit-hit');
    expect(await bench.systemctl('is-failed heph')).toBe('failed\nrc 0');
    expect(await bench.systemctl('reset-failed heph')).toBe('rc 0');
    expect(await bench.systemctl('start heph')).toBe('rc 0');
  });

  it('ends a crash loop', async () => {
    bench.daemon('exit=3', 'Type=exec\nRestart=always');
    await bench.systemctl('start heph');
    await until(async () => (await bench.state()) === 'failed/failed exit-code');
    expect(await bench.show()).toMatchObject({
      NRestarts: '5',
      ExecMainCode: '1',
      ExecMainStatus: '3',
    });
    expect(await bench.systemctl('start heph')).toMatch(
      /because the control process exited .*\n.*\nrc 1/,
    );
  });

  it.each(['StartLimitIntervalSec=0', 'StartLimitBurst=9'])('%s in [Unit]', async (line) => {
    bench.unit(`ExecStart=${STAND_IN}`, line);
    for (let count = 1; count <= 8; count += 1)
      expect(await bench.systemctl('restart heph')).toBe('rc 0');
  });

  it('StartLimitIntervalSec= in [Service] says nothing', async () => {
    bench.unit(`ExecStart=${STAND_IN}\nStartLimitIntervalSec=0`);
    expect(await bench.show()).toMatchObject({ StartLimitIntervalUSec: '10s' });
  });
});

describe('an end', () => {
  it('is forced when SIGTERM is ignored, and then a failure', async () => {
    bench.daemon('term=ignore', 'Type=exec\nRestart=always\nTimeoutStopSec=10\nKillMode=mixed');
    await bench.systemctl('enable --now heph');
    await bench.started();
    expect(await bench.systemctl('stop --no-block heph')).toBe('rc 0');
    expect(await bench.state()).toBe('deactivating/stop-sigterm success');
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
    expect(await bench.state()).toBe('failed/failed timeout');
    expect(await bench.show()).toMatchObject({ ExecMainCode: '2', ExecMainStatus: '9' });
  });

  it('reaches a process that is suspended', async () => {
    bench.daemon();
    await bench.systemctl('enable --now heph');
    process.kill(await bench.pid(), 'SIGSTOP');
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
    expect(await bench.state()).toBe('inactive/dead success');
  });

  it.each(['mixed', 'control-group'])('leaves nothing behind: KillMode=%s', async (mode) => {
    bench.daemon('child', `Type=exec\nRestart=no\nKillMode=${mode}`);
    await bench.systemctl('enable --now heph');
    await until(() => bench.home.lines('log').length === 2);
    const child = Number(bench.home.lines('log')[1]?.split(' ')[1]);
    process.kill(await bench.pid(), 'SIGUSR1');
    await until(async () => (await bench.state()) === 'inactive/dead success');
    await until(() => !isAlive(child));
    expect(await bench.systemctl('is-active heph')).toBe('inactive\nrc 3');
  });

  it('comes to all when the fake is disposed', async () => {
    bench.daemon('term=ignore child', 'Type=exec\nRestart=always\nRestartSec=0');
    await bench.systemctl('start heph');
    await bench.started();
    const first = await bench.pid();
    await bench.fake[Symbol.asyncDispose]();
    expect(isAlive(first)).toBe(false);
    expect(bench.starts()).toHaveLength(1);
  });
});
