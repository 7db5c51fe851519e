import { describe, expect, test } from 'vitest';
import type { Report } from '#service/reconcile.ts';
import { reconcile } from '#service/reconcile.ts';
import type { Verb } from '#service/plan.ts';
import type { ServiceBackend, ServicePorts, ServiceSpec } from '#service/service.ts';
import { look } from '#service/look.ts';
import { statusOf, type Status } from '#service/status.ts';

/** A machine with a service manager, real or not, and nothing installed. */
export interface ServiceWorld extends AsyncDisposable {
  spec: ServiceSpec;
  ports: ServicePorts;
  backend: ServiceBackend;
  /** Signals the daemon's process. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP'): Promise<void>;
  /** What the stand-in does from its next start: `exit 3`, `silent`, `version 0.0.9`; '' is normal. */
  behave(behaviour: string): Promise<void>;
}

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
 */
export function serviceSuite(name: string, open: () => Promise<ServiceWorld>): void {
  describe(name, () => {
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

    test('stop and uninstall on a virgin machine change nothing', async () => {
      await using world = await open();
      expect(await run('stop', world)).toMatchObject({ changed: false, steps: [] });
      expect(await run('uninstall', world)).toMatchObject({ changed: false, steps: [] });
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

    test('restart brings another process; where nothing is installed it installs', async () => {
      await using world = await open();
      const first = await run('restart', world);
      expect(first.status).toMatchObject({ installed: true, enabled: true, healthy: true });
      const second = await run('restart', world);
      expect(second.status.healthy).toBe(true);
      expect(second.status.pid).not.toBe(first.status.pid);
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

    test('uninstall while stopped, and start anew afterwards', async () => {
      await using world = await open();
      await run('start', world);
      await run('stop', world);
      expect((await run('uninstall', world)).status.installed).toBe(false);
      expect((await run('start', world)).status).toMatchObject({
        installed: true,
        enabled: true,
        healthy: true,
      });
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

    test('a start that must not be tried again ends as failed, not in a loop', async () => {
      await using world = await open();
      if (world.backend.manager !== 'systemd') return;
      await world.behave('exit 78');
      await expect(run('start', world)).rejects.toThrow(/exit code 78/);
      expect(await status(world)).toMatchObject({
        running: false,
        last_exit: { code: 78, signal: null },
      });
    });

    test('a daemon that runs and says nothing is running, not healthy', async () => {
      await using world = await open();
      await run('start', world);
      await world.behave('silent');
      const { pid } = await status(world);
      await world.signal(pid ?? 0, 'SIGKILL');
      const seen = await until(world, ({ running, pid: now }) => running && now !== pid);
      expect(seen).toMatchObject({ running: true, healthy: false });
      expect(seen.hints.join('\n')).toMatch(/heph daemon restart/);
      await world.behave('');
      expect((await run('restart', world)).status.healthy).toBe(true);
    });

    test('a file that is not ours is refused and kept, by start, restart and uninstall', async () => {
      await using world = await open();
      const { unitPath } = world.spec;
      await world.ports.files.makeFolder(unitPath.slice(0, unitPath.lastIndexOf('/')), 0o755);
      await world.ports.files.write(unitPath, 'something else\n', 0o644);
      for (const verb of ['start', 'restart', 'uninstall'] as const) {
        await expect(run(verb, world)).rejects.toThrow(/cannot manage .*heph did not write/);
      }
      expect(await world.ports.files.entry(unitPath)).toMatchObject({ text: 'something else\n' });
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

    test('restart mends the unit of an older heph, and a clean exit is then respawned', async () => {
      await using world = await open();
      if (world.backend.manager !== 'systemd') return;
      const { spec, ports } = world;
      await ports.files.makeFolder(spec.unitPath.slice(0, spec.unitPath.lastIndexOf('/')), 0o755);
      await ports.files.makeFolder(spec.paths.dataDir, 0o700);
      await ports.files.write(
        spec.unitPath,
        OLD_UNIT(spec.program)
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
    });

    test('a unit deleted under a running daemon is put back by start, with the same process', async () => {
      await using world = await open();
      const { pid } = (await run('start', world)).status;
      await world.ports.files.remove(world.spec.unitPath);
      expect(await status(world)).toMatchObject({ installed: false, running: true });
      const mended = await run('start', world);
      expect(mended.status).toMatchObject({ installed: true, running: true, pid });
    });

    test('a unit deleted under a running daemon does not keep uninstall from ending it', async () => {
      await using world = await open();
      await run('start', world);
      await world.ports.files.remove(world.spec.unitPath);
      expect((await run('uninstall', world)).status).toMatchObject({
        installed: false,
        enabled: false,
        running: false,
      });
    });

    test('ten starts at once: one process, and every one succeeds', async () => {
      await using world = await open();
      const reports = await Promise.all(Array.from({ length: 10 }, () => run('start', world)));
      expect(new Set(reports.map((report) => report.status.pid)).size).toBe(1);
      expect((await status(world)).restarts).toBe(0);
    });
  });
}

function run(verb: Verb, { spec, backend, ports }: ServiceWorld): Promise<Report> {
  return reconcile(verb, spec, backend, ports, { isDryRun: false });
}

async function status({ spec, backend, ports }: ServiceWorld): Promise<Status> {
  return statusOf(await look(spec, backend, ports), spec, backend, ports);
}

/** The first status that fits; managers take their time to notice. */
async function until(world: ServiceWorld, fits: (status: Status) => boolean): Promise<Status> {
  for (let tries = 0; ; tries++) {
    const seen = await status(world);
    if (fits(seen)) return seen;
    if (tries > 200) throw new Error(`it never came to that: ${JSON.stringify(seen)}`);
    await world.ports.sleep(50);
  }
}
