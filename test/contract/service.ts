import { describe, expect, test } from 'vitest';
import type { ManagerName } from '#service/service.ts';
import { reconcile } from '#service/reconcile.ts';
import { dirname } from '#service/text.ts';
import type { Verb } from '#service/plan.ts';
import { expectNoResidue, raceTests } from './races.ts';
import { STATES, type Outcome } from './service-states.ts';
import { run, status, until, type ServiceWorld } from './service-world.ts';

const OLD_UNIT = (program: readonly string[]) => `[Unit]
Description=heph of an older version

[Service]
ExecStart=${program.map((word) => `"${word}"`).join(' ')}
Restart=on-failure

[Install]
WantedBy=default.target
`;

/**
 * What `heph daemon` promises, whatever the manager: run on the fake in
 * milliseconds, and on a real one in every container target. Where they
 * differ, this is the judge.
 * @param concurrent several tests at a time: real managers keep each of them waiting.
 */
export function serviceSuite(
  name: string,
  manager: ManagerName,
  open: () => Promise<ServiceWorld>,
  { concurrent = false } = {},
): void {
  describe(name, { concurrent }, () => {
    test('status on a virgin machine: nothing is there, and nothing is made', async () => {
      await using world = await open();
      expect(await status(world)).toMatchObject({
        installed: false,
        enabled: false,
        running: false,
        healthy: false,
        pid: null,
      });
      expect(await world.ports.files.entry(world.spec.unitPath)).toEqual({ kind: 'absent' });
    });

    test('start installs, enables, starts, and waits until it answers; again it does nothing', async () => {
      await using world = await open();
      const first = await run('start', world);
      expect(first.changed).toBe(true);
      expect(first.status).toMatchObject({
        installed: true,
        enabled: true,
        running: true,
        healthy: true,
        current: true,
      });
      const file = await world.ports.files.entry(world.spec.unitPath);
      expect(file).toMatchObject({ kind: 'file', mode: 0o644 });
      const second = await run('start', world);
      expect(second).toMatchObject({ changed: false, steps: [] });
      expect(second.status.pid).toBe(first.status.pid);
    });

    test('a dry run says what would be done, and does none of it', async () => {
      await using world = await open();
      const report = await reconcile('start', world.spec, world.backend, world.ports, {
        isDryRun: true,
      });
      expect(report.steps.map((step) => step.do)).toContain('start');
      expect(await world.ports.files.entry(world.spec.unitPath)).toEqual({ kind: 'absent' });
      expect((await status(world)).running).toBe(false);
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)('it comes back after %s', async (signal) => {
      await using world = await open();
      const { pid } = (await run('start', world)).status;
      await world.signal(pid ?? 0, signal);
      const back = await until(world, ({ healthy, pid: now }) => healthy && now !== pid);
      expect(back.restarts).toBe(1);
    });

    test('seven restarts in a row all end with a daemon that answers', async () => {
      await using world = await open();
      await run('start', world);
      for (let i = 0; i < 7; i++) expect((await run('restart', world)).status.healthy).toBe(true);
    });

    test('restart leaves no hand-over file behind', async () => {
      await using world = await open();
      await run('start', world);
      await run('restart', world);
      expect(await world.ports.files.entry(world.spec.paths.handOver)).toEqual({ kind: 'absent' });
    });

    test('stop ends the process and the socket, and keeps it installed and enabled', async () => {
      await using world = await open();
      await run('start', world);
      const stopped = await run('stop', world);
      expect(stopped.changed).toBe(true);
      expect(stopped.status).toMatchObject({
        installed: true,
        enabled: true,
        running: false,
        healthy: false,
      });
      expect(await world.ports.files.entry(world.spec.paths.socket)).toEqual({ kind: 'absent' });
      expect(await run('stop', world)).toMatchObject({ changed: false, steps: [] });
      expect((await run('start', world)).status.healthy).toBe(true);
    });

    test('uninstall leaves nothing of the service; the data stays', async () => {
      await using world = await open();
      await run('start', world);
      await world.ports.files.write(world.spec.paths.db, 'precious', 0o600);
      const gone = await run('uninstall', world);
      expect(gone.status).toMatchObject({ installed: false, enabled: false, running: false });
      expect(await world.ports.files.entry(world.spec.unitPath)).toEqual({ kind: 'absent' });
      expect(await world.ports.files.entry(world.spec.paths.db)).toMatchObject({
        text: 'precious',
      });
      expect(await run('uninstall', world)).toMatchObject({ changed: false, steps: [] });
    });

    test('a daemon that dies on arrival fails the start, with its exit code and the end of its log', async () => {
      await using world = await open();
      await world.behave('exit 3');
      const start = run('start', world);
      await expect(start).rejects.toThrow(/^cannot start hephd: it ended at once/);
      await expect(start).rejects.toThrow(/told to exit with 3/);
      await world.behave('');
      expect((await run('start', world)).status.healthy).toBe(true);
    });

    test('a running daemon whose unit is out of date is left alone by start, renewed by restart', async () => {
      await using world = await open();
      const first = await run('start', world);
      const older = {
        ...world.spec,
        version: '9.9.9',
        program: [...world.spec.program, '--newer'],
      };
      const newer = { ...world, spec: older };
      const kept = await run('start', newer);
      expect(kept).toMatchObject({
        changed: false,
        status: { pid: first.status.pid, current: false },
      });
      expect(kept.status.hints.join('\n')).toMatch(/heph daemon restart/);
      const renewed = await run('restart', newer);
      expect(renewed.steps.map((step) => step.do)).toContain('write-unit');
      expect(renewed.status.pid).not.toBe(first.status.pid);
    });

    test('ten starts at once: one process, and every one succeeds', async () => {
      await using world = await open();
      const reports = await Promise.all(Array.from({ length: 10 }, () => run('start', world)));
      expect(new Set(reports.map((report) => report.status.pid)).size).toBe(1);
      expect((await status(world)).restarts).toBe(0);
    });

    raceTests(open);
  });

  // launchd's plist has always had KeepAlive: there is no older one to mend.
  const olderUnits = manager === 'systemd' ? [OLD_UNIT] : [];
  test.each(olderUnits)(
    `${name}: restart mends the unit of an older heph, and a clean exit is then respawned (C1, C6)`,
    { concurrent },
    async (olderUnit) => {
      await using world = await open();
      const { spec, ports } = world;
      await ports.files.makeFolder(dirname(spec.unitPath), 0o755);
      await ports.files.makeFolder(spec.paths.dataDir, 0o700);
      await ports.files.write(
        spec.unitPath,
        olderUnit(spec.program)
          .replace('[Unit]', '[Unit]\n# Written by heph: older')
          .replace(
            'older',
            "'heph daemon restart' writes it anew, and what is changed here is lost.",
          ),
        0o644,
      );
      await world.backend.perform({ do: 'reload', target: '' }, spec);
      await world.backend.perform({ do: 'start', target: '' }, spec);
      const old = await until(world, ({ healthy }) => healthy);
      expect(old).toMatchObject({ enabled: false, current: false });
      const { pid } = (await run('restart', world)).status;
      await world.signal(pid ?? 0, 'SIGTERM');
      expect(await until(world, ({ healthy, pid: now }) => healthy && now !== pid)).toMatchObject({
        current: true,
        enabled: true,
      });
    },
  );

  const states = STATES.filter(({ only }) => only === undefined || only === manager);
  describe.each(states)(`${name}: $name`, { concurrent }, (state) => {
    test('status', async () => {
      await using world = await open();
      await state.arrange(world);
      const seen = await status(world);
      expect(seen).toMatchObject(state.status);
      if (state.hint !== undefined) expect(seen.hints.join('\n')).toMatch(state.hint);
    });

    const asked = VERBS.flatMap((verb) => {
      const outcome = state.outcomes[verb];
      return outcome === null ? [] : [{ verb, outcome }];
    });
    test.each(asked)('$verb', async ({ verb, outcome }) => {
      await using world = await open();
      await state.arrange(world);
      await meets(outcome, verb, world);
    });
  });
}

const VERBS: readonly Verb[] = ['start', 'restart', 'stop', 'uninstall'];

/** Do it, see that it came to that, do it again. */
async function meets(outcome: Outcome, verb: Verb, world: ServiceWorld): Promise<void> {
  const before = await status(world);
  const { unitPath } = world.spec;
  const file = await world.ports.files.entry(unitPath);
  if (outcome.kind === 'refused') {
    await expect(run(verb, world)).rejects.toThrow(outcome.says);
    expect(await world.ports.files.entry(unitPath)).toEqual(file);
    return;
  }
  if (outcome.kind === 'nothing') {
    expect(await run(verb, world)).toMatchObject({ changed: false, steps: [] });
    expect(await world.ports.files.entry(unitPath)).toEqual(file);
    expect((await status(world)).pid).toBe(before.pid);
    return;
  }
  const report = await run(verb, world);
  if (outcome.kind === 'done') expect(report.changed).toBe(true);
  expect(report.status).toMatchObject(outcome.facts);
  if (outcome.kind === 'ends') return;
  if (outcome.process === 'same') expect(report.status.pid).toBe(before.pid);
  if (outcome.process === 'new') expect(report.status.pid).not.toBe(before.pid);
  if (verb === 'uninstall') await expectNoResidue(world);
  if (verb === 'restart') return;
  expect(await run(verb, world)).toMatchObject({
    changed: false,
    status: { pid: report.status.pid },
  });
}
