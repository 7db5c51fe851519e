import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemdBackend } from '#service/systemd/backend.ts';
import type { ServicePorts } from '#service/service.ts';
import { run, status } from '../../../contract/service-world.ts';
import type { FakeSystemd } from '../../../support/fake-systemd.ts';
import type { SystemdKnobs } from '../../../support/fake-systemd-knobs.ts';
import { openQuickWorld } from '../../../support/quick-world.ts';

async function open(knobs: Partial<SystemdKnobs> = {}, ports: Partial<ServicePorts> = {}) {
  const world = await openQuickWorld('systemd');
  Object.assign(world.fake.knobs, knobs);
  const changed = { ...world.ports, ...ports };
  const fake = world.fake as FakeSystemd;
  return Object.assign(world, { fake, ports: changed, backend: systemdBackend(changed) });
}

describe('a manager that cannot be reached', () => {
  test.each([
    'Failed to connect to bus: No medium found',
    'Failed to connect to bus: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)',
    'Failed to connect to user scope bus via local transport: No such file or directory',
    'Failed to connect to user scope bus via local transport: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)',
    'Failed to connect to bus: No such file or directory',
    'Failed to connect to bus: Operation not permitted',
    'Failed to connect to bus: Connection refused',
  ])('%j (B1)', async (text) => {
    await using world = await open({ noBus: { text } });
    const started = run('start', world);
    await expect(started).rejects.toThrow('cannot reach your systemd user manager');
    await expect(started).rejects.toMatchObject({
      kind: 'unreachable',
      hint: expect.stringMatching(/without a service manager: hephd$/) as string,
    });
  });

  test('a machine without systemd, where enable would still succeed (B2, B4)', async () => {
    await using world = await open({ notBooted: true });
    const text = "System has not been booted with systemd as init system (PID 1). Can't operate.";
    world.fake.knobs.fail = [{ verb: 'show', code: 1, text }];
    await expect(run('start', world)).rejects.toThrow('this system does not run systemd');
    expect(await world.ports.files.stat(world.spec.unitPath)).toBeNull();
  });

  test('a machine without systemctl (B4)', async () => {
    await using world = await open({ missing: true });
    await expect(run('start', world)).rejects.toThrow('this system has no systemctl');
  });

  test('one that never answers is no answer, and not "not running" (G)', async () => {
    await using world = await open({ hang: [{ verb: 'show' }] });
    await expect(run('stop', world)).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'cannot get an answer from systemd: systemctl show took over 5 s',
    });
  });
});

describe('the way to the manager, where ssh, cron or su left it out (B1)', () => {
  const uid = process.geteuid?.() ?? 0;
  const folder = { type: 'folder', mode: 0o700, uid, bytes: 0 } as const;

  async function asked(stat: Awaited<ReturnType<ServicePorts['files']['stat']>>, env = {}) {
    let given: string | null | undefined;
    await using world = await open();
    const { ports } = world;
    const spied: ServicePorts = {
      ...ports,
      env,
      files: { ...ports.files, stat: async (path) => (path === `/run/user/${uid}` ? stat : null) },
      run: async (program, args, options) => {
        given = options.env?.['XDG_RUNTIME_DIR'];
        return ports.run(program, args, options);
      },
    };
    await systemdBackend(spied).observe(world.spec);
    return given;
  }

  test('is taken where there is one of ours', async () => {
    expect(await asked(folder)).toBe(`/run/user/${uid}`);
  });

  test.each([
    ['nothing there', null],
    ["somebody else's", { ...folder, uid: uid + 1 }],
    ['no folder', { ...folder, type: 'file' } as const],
  ])('and not invented: %s', async (_, stat) => {
    expect(await asked(stat)).toBeUndefined();
  });

  test('and not touched where it is set', async () => {
    expect(await asked(folder, { XDG_RUNTIME_DIR: '/mine' })).toBeUndefined();
  });
});

describe('whether services run on without a session (B5)', () => {
  test.each([
    [{ linger: 'yes' } as const, true],
    [{ linger: 'no' } as const, false],
    [{ linger: 'hang' } as const, null],
    [{ missing: true }, null],
  ])('%j: %s', async (knobs, lingers) => {
    await using world = await open(knobs);
    expect(await world.backend.linger(world.spec)).toBe(lingers);
  });

  test('one who is not logged in, and does not linger', async () => {
    await using world = await open();
    await world.fake.logout();
    expect(await world.backend.linger(world.spec)).toBe(false);
  });
});

test('a folder for units that the manager does not read is found out before anything is started (C14)', async () => {
  await using world = await open();
  const { ports, spec } = world;
  const elsewhere: ServicePorts = {
    ...ports,
    run: async (program, args, options) => {
      const outcome = await ports.run(program, args, options);
      if (!args.includes('show') || outcome.kind !== 'exited') return outcome;
      return { ...outcome, stdout: outcome.stdout.replace(/^FragmentPath=.*$/m, 'FragmentPath=') };
    },
  };
  const misled = { ...world, ports: elsewhere, backend: systemdBackend(elsewhere) };
  await expect(run('start', misled)).rejects.toThrow(
    `cannot manage heph.service: ${spec.unitPath} is written, and your systemd user manager does not see it`,
  );
  expect(world.fake.calls.map(({ args }) => args.find((word) => word === 'start'))).not.toContain(
    'start',
  );
});

test.each([
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/heph.service\n', true],
  ['0::/user.slice/user@1000.service/app.slice/heph.service/child\n', true],
  ['0::/user.slice/user@1000.service/app.slice/app-heph.service.scope\n', false],
  ['1:name=systemd:/user.slice\n0::/\n', false],
])('a process in %j is part of the service: %s (C13)', async (text, isInside) => {
  await using world = await open();
  const { files } = world.ports;
  const ports: ServicePorts = {
    ...world.ports,
    files: { ...files, entry: async () => ({ kind: 'file', text, mode: 0o444, uid: 0 }) },
  };
  expect(await systemdBackend(ports).isInside(world.spec)).toBe(isInside);
});

test('a unit that is a link is somebody else’s arrangement, and is kept', async () => {
  await using world = await open();
  const { unitPath } = world.spec;
  await mkdir(dirname(unitPath), { recursive: true });
  await writeFile(`${unitPath}.real`, '[Service]\nExecStart=/opt/hephd\n');
  await symlink(`${unitPath}.real`, unitPath);
  await expect(run('restart', world)).rejects.toThrow(/it is a link to .*heph\.service\.real/);
  expect((await status(world)).hints.join('\n')).toMatch(/is a link to/);
});

test('the loop of starts that systemd would end is not ended: by-hand starts count, too (C5)', async () => {
  await using world = await open({ startLimit: true });
  for (let i = 0; i < 7; i++) {
    expect((await run('restart', world)).status.healthy).toBe(true);
  }
});

test('a drop-in that has it run something else is told, and left in place by uninstall (C3)', async () => {
  await using world = await open();
  await run('start', world);
  const folder = `${world.spec.unitPath}.d`;
  await mkdir(folder);
  await writeFile(`${folder}/mine.conf`, '[Service]\nExecStart=\nExecStart=/bin/sleep 1000\n');
  await world.backend.perform({ do: 'reload', target: '' }, world.spec);
  const { hints } = await status(world);
  expect(hints.join('\n')).toMatch(/a drop-in has it run \/bin\/sleep/);
  const { left } = await run('uninstall', world);
  expect(left).toEqual([`${folder}/mine.conf`]);
  expect(await world.ports.files.stat(`${folder}/mine.conf`)).not.toBeNull();
});

test('a unit changed by hand is kept as .bak when it is written anew, and named by uninstall (C3)', async () => {
  await using world = await open();
  await run('start', world);
  const { unitPath } = world.spec;
  const entry = await world.ports.files.entry(unitPath);
  const edited = entry.kind === 'file' ? `${entry.text}# mine\n` : '';
  await writeFile(unitPath, edited);
  await run('restart', world);
  expect(await world.ports.files.entry(`${unitPath}.bak`)).toMatchObject({ text: edited });
  expect((await run('uninstall', world)).left).toEqual([`${unitPath}.bak`]);
});
