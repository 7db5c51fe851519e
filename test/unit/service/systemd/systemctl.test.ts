import { describe, expect, test } from 'vitest';
import type { CommandOutcome, ServicePorts } from '#service/service.ts';
import { openSystemctl } from '#service/systemd/systemctl.ts';
import { exited, imagine, place, SPEC } from '../../../support/imagined-service.ts';

test('it is asked for plain words, and by the user’s own way to the manager (B1)', async () => {
  const plain = { LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };
  const given = async (env: Record<string, string>) => {
    const stats = { '/run/user/1000': place('folder', 0o700) };
    const { ports } = imagine({ env, stats });
    let seen: unknown;
    const spying: ServicePorts['run'] = async (_program, _args, options) => {
      seen = options.env;
      return exited(0);
    };
    await (await openSystemctl({ ...ports, run: spying }, SPEC)).run('show');
    return seen;
  };
  expect(await given({ XDG_RUNTIME_DIR: '/mine' })).toEqual(plain);
  expect(await given({ XDG_RUNTIME_DIR: '' })).toEqual({
    ...plain,
    XDG_RUNTIME_DIR: '/run/user/1000',
  });
});

describe('what systemctl says comes with what to do', () => {
  const foreground = 'to run it without a service manager: hephd';
  const look = 'see: systemctl --user status heph.service';
  const bus = 'Failed to connect to bus: No medium found';
  test.each<[string, CommandOutcome, 'failed' | 'unreachable', string, string]>([
    [
      'none',
      { kind: 'missing' },
      'unreachable',
      'cannot manage hephd: this system has no systemctl',
      foreground,
    ],
    [
      'silence',
      { kind: 'timeout', limitMs: 5000 },
      'unreachable',
      'cannot get an answer from systemd: systemctl stop took over 5 s',
      look,
    ],
    [
      'no systemd',
      exited(1, '', 'System has not been booted with systemd as init system (PID 1).'),
      'unreachable',
      'cannot manage hephd: this system does not run systemd',
      foreground,
    ],
    [
      'no way to it',
      exited(1, '', `first\n${bus}\n`),
      'unreachable',
      `cannot reach your systemd user manager: first\n${bus}`,
      `log in on the machine itself or by ssh, or try: loginctl enable-linger; ${foreground}`,
    ],
    ['a refusal', exited(1, '', ' no \n'), 'failed', 'cannot stop heph.service: no', look],
    [
      'a refusal that quotes another',
      exited(1, '', `x: ${bus}`),
      'failed',
      `cannot stop heph.service: x: ${bus}`,
      look,
    ],
    ['nothing', exited(4), 'failed', 'cannot stop heph.service: systemctl ended with 4', look],
  ])('%s', async (_, outcome, kind, message, hint) => {
    const systemctl = await openSystemctl(imagine({ run: () => outcome }).ports, SPEC);
    const error = { kind, message, hint };
    await expect(systemctl.run('stop', 'u')).rejects.toMatchObject(error);
    await expect(systemctl.runIfLoaded('stop', 'u')).rejects.toMatchObject(error);
  });

  test.each(['Unit x.service not loaded.', 'Unit file x.service does not exist.', 'x not found'])(
    'that there is none is no failure where it should go: %j',
    async (said) => {
      const { ports } = imagine({ run: () => exited(1, '', said) });
      const systemctl = await openSystemctl(ports, SPEC);
      await expect(systemctl.runIfLoaded('stop', 'u')).resolves.toBeUndefined();
      await expect(systemctl.run('start', 'u')).rejects.toThrow(said);
    },
  );

  test('what it printed is handed back', async () => {
    const systemctl = await openSystemctl(imagine({ run: () => exited(0, 'a=b\n') }).ports, SPEC);
    expect(await systemctl.run('show')).toBe('a=b\n');
  });
});
