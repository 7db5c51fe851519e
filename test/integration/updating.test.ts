import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { resolvePaths } from '#config/paths.ts';
import { updaterOf } from '#daemon/updating.ts';
import { VERSION } from '#protocol/version.ts';
import { backUp } from '#store/backup.ts';
import { updatePlaces, type UpdatePlaces } from '#update/places.ts';
import { platform } from '../../scripts/support.ts';
import { Core } from '../support/builders.ts';
import { settableClock } from '../support/clock.ts';
import { placeVersion, refusalOf } from '../support/installed-versions.ts';
import { Releases } from '../support/releases.ts';
import { Sandbox } from '../support/sandbox.ts';

/** What a rehearsal may take on a busy machine. */
const SOON = { timeout: 60_000 };
vi.setConfig({ testTimeout: 120_000 });

const NEW = '0.3.0';

let releases: Releases;
beforeAll(async () => {
  releases = await Releases.make();
});
afterAll(() => releases[Symbol.asyncDispose]());

let sandbox: Sandbox;
let core: Core;
let places: UpdatePlaces;
let left: string[];
let leaving: AbortController;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  core = new Core({ path: sandbox.at('heph.db'), clock: settableClock(new Date().toISOString()) });
  places = updatePlaces(sandbox.path);
  left = [];
  leaving = new AbortController();
  placeVersion(places, VERSION);
  symlinkSync(`versions/${VERSION}`, places.current);
});
afterEach(async () => {
  await core[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

/** Go over to a version that asks for a whole copy of the store. */
async function goOver(version = NEW, onSelfTest = 'test -s "$3"'): Promise<unknown> {
  const feed = await releases.broken(version, { onSelfTest });
  const config = sandbox.at('config.toml');
  writeFileSync(config, `[update]\nfeed = "file://${feed}"\nkeys = ["${releases.key}"]\n`);
  const { store, copies, changes, longQueries: slowQueries, clock } = core;
  const updater = updaterOf({
    paths: resolvePaths('/', '/', { db: sandbox.at('heph.db'), config }),
    platform,
    whyNot: null,
    store,
    copies,
    changes,
    slowQueries,
    clock,
    leave: (why) => left.push(why),
    stop: leaving.signal,
    log: () => undefined,
  });
  return updater.start();
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

test('a new version is there, and hephd leaves for it only between two changes', async () => {
  const change = Promise.withResolvers<void>();
  const changed = core.changes.between(() => change.promise);
  const over = goOver();
  await expect.poll(() => filesIn(places.versions), SOON).toContain(NEW);
  expect(left).toEqual([]);
  change.resolve();
  await changed;
  expect(await over).toEqual({ from: VERSION, to: NEW });
  expect(left).toEqual(['update']);
});

test('the store that it is rehearsed with is the one that is there when nobody replaces it', async () => {
  const next = sandbox.at('next.db');
  await backUp(core.db, next, { check: async () => [] });
  const restore = Promise.withResolvers<void>();
  const restored = core.copies.take(async () => {
    await restore.promise;
    core.store.replace(next, sandbox.at('kept.db'));
  });
  const over = goOver();
  await expect.poll(() => existsSync(places.rehearsal), SOON).toBe(true);
  // One that is begun later, and does not wait, is there by now.
  await backUp(core.db, sandbox.at('copy.db'), { check: async () => [] });
  expect(filesIn(places.rehearsal)).toEqual([]);
  restore.resolve();
  await restored;
  expect(await over).toEqual({ from: VERSION, to: NEW });
});

test('a rehearsal is not waited for when hephd leaves', async () => {
  const begun = sandbox.at('begun');
  const over = refusalOf(goOver('0.4.0', `: >'${begun}'; exec sleep 1000`));
  await expect.poll(() => existsSync(begun), SOON).toBe(true);
  leaving.abort();
  expect(await over).toEqual({ code: 'draining' });
  expect(filesIn(places.versions)).toEqual([VERSION]);
});
