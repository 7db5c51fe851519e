import { lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STAND_IN, until } from '../../support/fake-bench.ts';
import { HEPH, SystemdBench } from '../../support/fake-systemd-bench.ts';

let bench: SystemdBench;

beforeEach(() => {
  bench = new SystemdBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

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
    await bench.use({ version: 252 });
    expect(await bench.systemctl(`${verb} heph.service`)).toBe(old);
    await bench.use({ version: 257 });
    expect(await bench.systemctl(`${verb} heph`)).toBe(recent || old);
  });

  it('show succeeds, in its own order', async () => {
    const line = 'show -p UnitFileState,LoadState -p MainPID heph.service';
    expect(await bench.systemctl(line)).toBe(
      'MainPID=0\nLoadState=not-found\nUnitFileState=\nrc 0',
    );
    expect(await bench.systemctl(`${line} --value`)).toBe('0\nnot-found\n\nrc 0');
  });

  it.each([
    ['start', 'Too few arguments.\nrc 1'],
    ['foo', "Unknown command verb 'foo'.\nrc 1"],
    ['start --bogus heph', "systemctl: unrecognized option '--bogus'\nrc 1"],
    ['is-system-running', 'running\nrc 0'],
    ['show -p Version --value', '257.1\nrc 0'],
  ])('%s', async (line, expected) => {
    expect(await bench.systemctl(line)).toBe(expected);
  });
});

const STALE =
  "Warning: The unit file, source configuration file or drop-ins of heph.service changed on disk. Run 'systemctl --user daemon-reload' to reload units.\nrc 0";

describe('a text that changes', () => {
  it('is not read before a reload', async () => {
    bench.daemon('one');
    await bench.systemctl('enable --now heph');
    await bench.started(1);
    bench.daemon('two');
    expect(await bench.show()).toMatchObject({ NeedDaemonReload: 'yes' });
    expect(await bench.systemctl('restart heph')).toBe(STALE);
    await bench.started(2);
    await bench.systemctl('daemon-reload');
    await bench.systemctl('restart heph');
    await bench.started(3);
    const words = bench.home.lines('log').map((line) => line.split(' ')[2]);
    expect(words).toEqual(['one', 'one', 'two']);
  });

  it('rules a running process from the reload on', async () => {
    bench.daemon('', 'Type=exec\nRestart=on-failure');
    await bench.systemctl('enable --now heph');
    await bench.started();
    const first = await bench.pid();
    bench.daemon('', 'Type=exec\nRestart=always\nRestartSec=1');
    await bench.systemctl('daemon-reload');
    expect(await bench.pid()).toBe(first);
    process.kill(first, 'SIGUSR1');
    await bench.started(2);
    expect(await bench.show()).toMatchObject({ NRestarts: '1' });
  });

  it('loses a running daemon that is removed before it is stopped', async () => {
    bench.daemon();
    await bench.systemctl('enable --now heph');
    rmSync(join(bench.home.path, HEPH));
    expect(await bench.show()).toMatchObject({ UnitFileState: 'bad', NeedDaemonReload: 'yes' });
    expect(await bench.systemctl('disable heph')).toMatch(/^Removed .*\nrc 0$/);
    expect(await bench.show()).toMatchObject({ LoadState: 'not-found', ActiveState: 'active' });
    expect(await bench.systemctl('restart heph')).toMatch(/Unit heph.service not found.\nrc 5/);
    expect(await bench.systemctl('stop heph')).toBe('rc 0');
    expect(await bench.systemctl('stop heph')).toMatch(/not loaded.\nrc 5/);
  });

  it('is changed by drop-ins, whose folder has to be known', async () => {
    bench.daemon();
    await bench.systemctl('start heph');
    const path = bench.home.write(
      `${HEPH}.d/10.conf`,
      `[Service]\nExecStart=\nExecStart=${STAND_IN} more\n`,
    );
    expect(await bench.show()).toMatchObject({ NeedDaemonReload: 'no' });
    await bench.systemctl('daemon-reload');
    expect(await bench.show()).toMatchObject({ DropInPaths: path });
    expect((await bench.show())['ExecStart']).toContain(`argv[]=${STAND_IN} more ;`);
    rmSync(path);
    expect(await bench.show()).toMatchObject({ NeedDaemonReload: 'yes' });
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
    bench.home.write('script', '#!/no/such/interpreter\n', 0o755);
    bench.unit(`Type=exec\nRestart=no\n${service}`);
    expect(await bench.systemctl('start heph')).toMatch(
      /because the control process exited .*\n.*\nrc 1$/,
    );
    expect(await bench.show()).toMatchObject({ ExecMainCode: '1', ExecMainStatus: status });
    bench.unit(`Type=simple\nRestart=no\n${service}`);
    await bench.systemctl('daemon-reload');
    expect(await bench.systemctl('start heph')).toBe('rc 0');
    await until(async () => (await bench.state()) === 'failed/failed exit-code');
  });

  it.each([
    'ExecStart=/bin/true %z',
    'ExecStart=bin/true',
    'ExecStart=/bin/true "open',
    'ExecStart=/bin/true ; /bin/true',
    'Type=exec',
    'ExecStart=/bin/true\nWorkingDirectory="/tmp"',
  ])('a bad setting: %s', async (service) => {
    bench.unit(service);
    expect(await bench.systemctl('start heph')).toBe(
      "Failed to start heph.service: Unit heph.service has a bad unit file setting.\nSee user logs and 'systemctl --user status heph.service' for details.\nrc 1",
    );
    expect(await bench.show()).toMatchObject({ LoadState: 'bad-setting' });
    expect(await bench.systemctl('enable heph')).toMatch(/rc 0$/);
  });

  it.each([
    ['start', 'Failed to start heph.service: Unit heph.service is masked.\nrc 1'],
    ['enable', 'Failed to enable unit: Unit $ is masked\nrc 1'],
    ['is-enabled', 'masked\nrc 1'],
    ['disable', 'Unit $ is masked, ignoring.\nrc 0'],
    ['stop', 'rc 0'],
  ])('a masked unit: %s', async (verb, expected) => {
    const path = join(bench.home.path, HEPH);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync('/dev/null', path);
    expect(await bench.systemctl(`${verb} heph`)).toBe(expected.replace('$', path));
    expect(await bench.show()).toMatchObject({ LoadState: 'masked' });
  });

  it('a linked unit can, and loses its link when it is disabled', async () => {
    bench.unit(`ExecStart=${STAND_IN}`, '', 'elsewhere/heph.service');
    const path = join(bench.home.path, HEPH);
    mkdirSync(join(path, '..'), { recursive: true });
    symlinkSync(join(bench.home.path, 'elsewhere/heph.service'), path);
    expect(await bench.systemctl('is-enabled heph')).toBe('linked\nrc 1');
    expect(await bench.systemctl('start heph')).toBe('rc 0');
    await bench.systemctl('disable heph');
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
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
    bench.home.write('echo', '#!/bin/sh\nprintf "[%s]\\n" "$@"\n', 0o755);
    bench.unit(`ExecStart=%h/echo ${text}\nStandardOutput=append:%h/log`);
    await bench.systemctl('start heph');
    await until(async () => (await bench.pid()) === 0);
    const words = bench.home
      .lines('log')
      .map((line) => line.slice(1, -1).replace(bench.home.path, '@'));
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
    bench.unit(`ExecStart=/bin/true\nRestartSec=${text}`);
    expect(await bench.show()).toMatchObject({ RestartUSec: expected });
  });
});
