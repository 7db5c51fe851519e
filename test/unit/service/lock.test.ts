import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exclusively } from '#service/lock.ts';
import type { ServicePorts } from '#service/service.ts';
import { openQuickWorld, type QuickWorld } from '../../support/quick-world.ts';

async function open(): Promise<QuickWorld> {
  const world = await openQuickWorld('systemd');
  await mkdir(world.spec.paths.dataDir, { recursive: true });
  return world;
}

test('one after another (G)', async () => {
  await using world = await open();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await world.ports.sleep(50);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => exclusively(world.spec, world.ports, work)));
  expect(most).toBe(1);
  await expect(stat(world.spec.paths.verbLock)).rejects.toThrow(/ENOENT/);
});

test('it is let go of when the work fails', async () => {
  await using world = await open();
  const failing = exclusively(world.spec, world.ports, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  await expect(stat(world.spec.paths.verbLock)).rejects.toThrow(/ENOENT/);
});

test('that of a command which was killed is taken over (G)', async () => {
  await using world = await open();
  await writeFile(world.spec.paths.verbLock, `4194304 ${world.ports.nowMs()} x\n`);
  expect(await exclusively(world.spec, world.ports, async () => 'done')).toBe('done');
});

test('so is one so old that its pid is somebody else’s by now, and one that says nothing', async () => {
  await using world = await open();
  const old = world.ports.nowMs() - 301_000;
  for (const text of [`${process.pid} ${old} x\n`, '', 'nonsense']) {
    await writeFile(world.spec.paths.verbLock, text);
    expect(await exclusively(world.spec, world.ports, async () => 'done')).toBe('done');
  }
});

test('one that is held for two minutes is named, and left to its holder', async () => {
  await using world = await open();
  const { spec, ports } = world;
  let now = 0;
  const patient: ServicePorts = {
    ...ports,
    nowMs: () => now,
    sleep: async (ms) => void (now += 20 * ms),
  };
  await writeFile(spec.paths.verbLock, `${process.pid} 0 x\n`);
  const waiting = exclusively(spec, patient, async () => 'never');
  await expect(waiting).rejects.toThrow(`another heph daemon command, pid ${process.pid}`);
  await expect(waiting).rejects.toMatchObject({
    hint: `wait for it, or end it: kill ${process.pid}`,
  });
  expect(await readFile(spec.paths.verbLock, 'utf8')).toBe(`${process.pid} 0 x\n`);
});

test('where there is no data folder none is made for it', async () => {
  await using world = await openQuickWorld('systemd');
  await exclusively(world.spec, world.ports, async () => undefined);
  await expect(stat(world.spec.paths.dataDir)).rejects.toThrow(/ENOENT/);
});

test('one that is let go of in the very moment is not taken from whoever comes next (G)', async () => {
  await using world = await open();
  const { spec, ports } = world;
  const { verbLock } = spec.paths;
  let tries = 0;
  const files: ServicePorts['files'] = {
    ...ports.files,
    // Held at the first try; gone when it is looked at; then the next one has it for a while.
    create: async (...args) => (++tries === 1 ? false : ports.files.create(...args)),
    entry: async (path) => {
      const entry = await ports.files.entry(path);
      if (tries === 1) await writeFile(verbLock, `${process.pid} ${ports.nowMs()} next\n`);
      return entry;
    },
  };
  const sleep = async () => {
    expect(await readFile(verbLock, 'utf8')).toMatch(/ next\n$/);
    await ports.files.remove(verbLock);
  };
  const waiting = { ...ports, files, sleep };
  expect(await exclusively(spec, waiting, async () => 'done')).toBe('done');
  expect(tries).toBe(3);
});
