import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { told } from '../../support/fake-bench.ts';
import { SystemdBench } from '../../support/fake-systemd-bench.ts';

let bench: SystemdBench;

beforeEach(() => {
  bench = new SystemdBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

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
    await bench.use({ version, knobs: { noBus } });
    bench.daemon();
    expect(await bench.systemctl('start heph')).toBe(expected);
    expect(await bench.systemctl('enable heph')).toBe(expected);
  });

  it('not booted: enabling is work on files, and succeeds', async () => {
    await bench.use({ version: 252, knobs: { notBooted: true } });
    bench.daemon();
    expect(await bench.systemctl('enable heph')).toMatch(/^Created symlink .*\nrc 0$/);
    expect(await bench.systemctl('is-enabled heph')).toBe('enabled\nrc 0');
    expect(await bench.systemctl('disable --now heph')).toMatch(
      /^Removed .*\n.*No medium found\nrc 1$/,
    );
    expect(await bench.systemctl('is-system-running')).toBe('offline\nrc 1');
    const system = await bench.fake.run('systemctl', ['show'], { limitMs: 1000 });
    expect(told(system)).toMatch(/^System has not been booted .*\n.*Host is down\nrc 1$/);
  });

  it('needs the right XDG_RUNTIME_DIR', async () => {
    await bench.use({ uid: 4711, version: 252, knobs: { needsRuntimeDir: true } });
    const call = async (dir: string | null) =>
      told(
        await bench.fake.run('systemctl', ['--user', 'is-system-running'], {
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
    bench.daemon();
    bench.fake.knobs.hang = [{ verb: 'show' }];
    expect(await bench.systemctl('show heph')).toBe('timeout');
    bench.fake.knobs.hang = [];
    bench.fake.knobs.fail = [{ verb: '*', call: 2, when: 'after', code: 7, text: 'no' }];
    expect(await bench.systemctl('is-active heph')).toMatch(/rc 3/);
    expect(await bench.systemctl('start heph')).toBe('no\nrc 7');
    expect(await bench.systemctl('is-active heph')).toBe('active\nrc 0');
    bench.fake.knobs.missing = true;
    expect(await bench.systemctl('is-active heph')).toBe('missing');
    expect(bench.fake.calls.map(({ args }) => args[2])).toEqual([
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
    await bench.use({ user: 'ada', knobs: { linger } });
    const args = ['show-user', 'ada', '-p', 'Linger'];
    expect(told(await bench.fake.run('loginctl', args, { limitMs: 100 }))).toBe(expected);
  });

  it('a system unit of the same name', async () => {
    const call = async () =>
      told(
        await bench.fake.run('systemctl', ['show', '-p', 'LoadState', 'heph.service'], {
          limitMs: 100,
        }),
      );
    expect(await call()).toBe('LoadState=not-found\nrc 0');
    bench.fake.knobs.systemUnitDuplicate = true;
    expect(await call()).toBe('LoadState=loaded\nrc 0');
  });
});
