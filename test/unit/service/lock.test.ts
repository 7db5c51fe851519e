import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { exclusively } from '#service/lock.ts';
import type { PathEntry, ServicePorts } from '#service/service.ts';
import { imagine, place, SPEC } from '../../support/imagined-service.ts';
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

test('where there is no data folder none is made for it', async () => {
  await using world = await openQuickWorld('systemd');
  await exclusively(world.spec, world.ports, async () => undefined);
  await expect(stat(world.spec.paths.dataDir)).rejects.toThrow(/ENOENT/);
});

/** Ours, once whoever is there has been waited for or put aside. */
async function takeFrom(holders: PathEntry[], isAlive = true): Promise<string[]> {
  const { paths } = SPEC;
  const { ports, did } = imagine({ stats: { [paths.dataDir]: place('folder', 0o700) } });
  let written = '';
  const files: ServicePorts['files'] = {
    ...ports.files,
    create: async (path, text, mode) => {
      if (holders.length > 0) return false;
      did.push(`create ${path} 0${mode.toString(8)}`);
      written = text;
      return true;
    },
    entry: async () => holders.shift() ?? held(written),
  };
  await exclusively(SPEC, { ...ports, files, isAlive: () => isAlive }, async () =>
    did.push('work'),
  );
  expect(written).toMatch(/^7 \d+ 0\.\d+\n$/);
  return did;
}

const held = (text: string): PathEntry => ({ kind: 'file', text, mode: 0o600, uid: 1000 });
const LOCK = SPEC.paths.verbLock;
const OURS = [`create ${LOCK} 0600`, 'work', `remove ${LOCK}`];

test.each<[string, PathEntry, boolean, string]>([
  ['at work', held('9 1000 x\n'), true, 'sleep 100'],
  ['at work for as long as one may', held('9 -299000 x\n'), true, 'sleep 100'],
  ['at work for longer', held('9 -299001 x\n'), true, `remove ${LOCK}`],
  ['killed', held('9 1000 x\n'), false, `remove ${LOCK}`],
  ['nobody', held('0 1000 x\n'), true, `remove ${LOCK}`],
  ['a group of processes', held('-9 1000 x\n'), true, `remove ${LOCK}`],
  ['a pid without a time', held('9'), true, 'sleep 100'],
])('a holder that is %s', async (_, holder, isAlive, expected) => {
  expect(await takeFrom([holder], isAlive)).toEqual([expected, ...OURS]);
});

test('a holder that has gone meanwhile leaves nothing to remove', async () => {
  expect(await takeFrom([{ kind: 'absent' }])).toEqual(OURS);
});

test('one that is held for two minutes is named, and left to its holder', async () => {
  const { ports, did } = imagine({
    stats: { [SPEC.paths.dataDir]: place('folder', 0o700) },
    entries: { [LOCK]: held('9 1000 x\n') },
  });
  const files: ServicePorts['files'] = { ...ports.files, create: async () => false };
  const waiting = exclusively(SPEC, { ...ports, files }, async () => did.push('work'));
  await expect(waiting).rejects.toMatchObject({
    kind: 'failed',
    message: 'cannot go on: another heph daemon command, pid 9, has been at work for 120 s',
    hint: 'wait for it, or end it: kill 9',
  });
  expect(did).toEqual(Array.from({ length: 120_000 / 100 + 1 }, () => 'sleep 100'));
});

test('one that another took over meanwhile is left to that one', async () => {
  const { ports, did } = imagine({
    stats: { [SPEC.paths.dataDir]: place('folder', 0o700) },
    entries: { [LOCK]: held('9 1000 x\n') },
  });
  await exclusively(SPEC, ports, async () => undefined);
  expect(did).toEqual([]);
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
