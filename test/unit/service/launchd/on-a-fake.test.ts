import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { GONE_MS } from '#service/await.ts';
import { EXIT_TIMEOUT_S } from '#service/launchd/plist.ts';
import { run, status, type ServiceWorld } from '../../../contract/service-world.ts';
import type { FakeLaunchd } from '../../../support/fake-launchd.ts';
import type { LaunchdKnobs } from '../../../support/fake-launchd-knobs.ts';
import { openQuickWorld } from '../../../support/quick-world.ts';

/** A launchd with these habits. */
async function open(knobs: Partial<LaunchdKnobs> = {}) {
  const world = await openQuickWorld('launchd');
  Object.assign(world.fake.knobs, knobs);
  const { fake } = world;
  const verbs = () => fake.calls.map(({ args }) => args[0] ?? '');
  const words = (verb: string) => fake.calls.filter(({ args }) => args[0] === verb);
  return Object.assign(world, { fake: fake as FakeLaunchd, verbs, words });
}

/** As an upgrade leaves it: running, and the text of another heph on disk. */
async function outdate(world: ServiceWorld): Promise<void> {
  await run('start', world);
  const { unitPath } = world.spec;
  const text = await readFile(unitPath, 'utf8');
  await world.ports.files.write(unitPath, text.replace('>5<', '>7<'), 0o644);
}

describe('bootout answers before the process is gone', () => {
  test('a restart waits until it is, and loads it then (A1)', async () => {
    await using world = await open({ teardownMs: 60 });
    await outdate(world);
    const { status: after } = await run('restart', world);
    expect(after).toMatchObject({ running: true, healthy: true, current: true });
    const late = world.verbs().lastIndexOf('bootstrap');
    expect(world.words('bootstrap').length).toBe(2);
    expect(world.verbs().slice(late - 1, late)).toEqual(['print']);
  });

  test('what takes longer than a daemon may take to leave fails, and says how things are (A1)', async () => {
    await using world = await open({ teardownMs: 5000 });
    await outdate(world);
    const restart = run('restart', world);
    await expect(restart).rejects.toThrow(
      /^cannot start hephd: launchd has been taking the one before down/,
    );
    await expect(restart).rejects.toMatchObject({
      hint: expect.stringMatching(/not running; try again: .*launchctl bootstrap gui\/\d+ \//),
    });
  });

  test('36 is an answer, too: it is on its way (A4)', async () => {
    await using world = await open({ bootout36: true });
    await outdate(world);
    expect((await run('restart', world)).status.healthy).toBe(true);
    expect((await run('stop', world)).status.running).toBe(false);
  });

  test('no flag is used that only some versions know (A2)', async () => {
    await using world = await open();
    await outdate(world);
    await run('restart', world);
    await run('uninstall', world);
    const flags = world.fake.calls.flatMap(({ args }) =>
      args.filter((word) => word.startsWith('-')),
    );
    expect(new Set(flags)).toEqual(new Set());
  });
});

describe('numbers that mean nothing by themselves', () => {
  test.each([5, 37, 130] as const)(
    'bootstrap says %i because another command was faster: print says that it is loaded (A3)',
    async (code) => {
      await using world = await open({ loadedCode: code });
      await run('start', world);
      await run('stop', world);
      const { ports } = world;
      let isRaced = false;
      const raced = {
        ...ports,
        run: (async (program, args, options) => {
          if (args[0] === 'bootstrap' && !isRaced) {
            isRaced = true;
            world.fake.preload('gui', world.spec.unitPath);
          }
          return ports.run(program, args, options);
        }) as typeof ports.run,
      };
      const { launchdBackend } = await import('#service/launchd/backend.ts');
      const racing = { ...world, ports: raced, backend: launchdBackend(raced) };
      expect((await run('start', racing)).status.healthy).toBe(true);
    },
  );

  test('5 without a reason to wait is a failure at once, with the command to look further (A1, A8)', async () => {
    await using world = await open({
      fail: [{ verb: 'bootstrap', code: 5, text: 'Bootstrap failed: 5: Input/output error' }],
    });
    await expect(run('start', world)).rejects.toThrow(/Input\/output error/);
    expect(world.words('bootstrap').length).toBeLessThanOrEqual(2);
  });

  test.each([
    [3, 'Boot-out failed: 3: No such process'],
    [113, 'Could not find service "org.hephaestus.hephd" in domain for user gui: 501'],
  ])('bootout of what has gone meanwhile: %i is success (A5)', async (code, text) => {
    await using world = await open();
    await run('start', world);
    world.fake.knobs.fail = [{ verb: 'bootout', code, text, when: 'after' }];
    expect((await run('stop', world)).status.running).toBe(false);
  });

  test.each([
    [122, /writable by nobody else: chmod 644/],
    [119, /Login Items/],
    [150, /heph daemon status/],
  ])('bootstrap says %i: the message says what to do (A8)', async (code, hint) => {
    await using world = await open({ fail: [{ verb: 'bootstrap', code, text: `${code}: x` }] });
    await expect(run('start', world)).rejects.toMatchObject({
      hint: expect.stringMatching(hint) as string,
    });
  });
});

test('on a fresh account the folder for agents is made (A9)', async () => {
  await using world = await open();
  await run('start', world);
  expect(await world.ports.files.stat(`${world.spec.home}/Library/LaunchAgents`)).toMatchObject({
    type: 'folder',
  });
});

test('what is loaded and not spawned is started by name (A10)', async () => {
  await using world = await open({ lazySpawn: true });
  expect((await run('start', world)).status).toMatchObject({ running: true, healthy: true });
});

describe('two ways to restart', () => {
  test('unchanged: kickstart -k, and the service is never unloaded (A12)', async () => {
    await using world = await open();
    const { pid } = (await run('start', world)).status;
    world.fake.calls.length = 0;
    expect((await run('restart', world)).status.pid).not.toBe(pid);
    expect(world.words('kickstart').map(({ args }) => args[1])).toEqual(['-k']);
    expect(world.verbs()).not.toContain('bootout');
  });

  test('changed: loaded anew, and never killed just after (A11, A12)', async () => {
    await using world = await open();
    await outdate(world);
    world.fake.calls.length = 0;
    await run('restart', world);
    expect(world.verbs()).toContain('bootout');
    expect(world.words('kickstart').flatMap(({ args }) => args)).not.toContain('-k');
  });

  test('a kickstart that never answers does not decide: the daemon does (A12)', async () => {
    await using world = await open();
    await run('start', world);
    await run('stop', world);
    world.fake.knobs.hang = [{ verb: 'kickstart', when: 'after' }];
    expect((await run('start', world)).status.healthy).toBe(true);
  });
});

describe('no session at the screen (A7)', () => {
  test.each([112, 125, 5] as const)('launchd says %i', async (code) => {
    await using world = await open({ noGuiDomain: code });
    const start = run('start', world);
    await expect(start).rejects.toThrow(/nobody is logged in at the screen/);
    await expect(start).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await run('stop', world)).toMatchObject({ changed: false });
    expect((await status(world)).hints.join('\n')).toMatch(/log in there/);
  });
});

test('nothing of it disables the service: it would never come back (A6)', async () => {
  await using world = await open();
  await run('start', world);
  await run('stop', world);
  await run('uninstall', world);
  expect(world.verbs()).not.toContain('disable');
  expect(Object.values(world.fake.knobs.disabled)).not.toContain(true);
});

test('a command waits longer than the manager does before it kills (A16, C11)', () => {
  expect(GONE_MS).toBeGreaterThan(EXIT_TIMEOUT_S * 1000 + 10_000);
});
