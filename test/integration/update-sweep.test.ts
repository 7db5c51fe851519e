import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backupBeforeUpdate } from '#update/places.ts';
import { parseProbation } from '#update/probation.ts';
import { readState } from '#update/state.ts';
import { Releases } from '../support/releases.ts';
import { Sandbox } from '../support/sandbox.ts';
import { sweep, type Run } from '../support/sweep.ts';
import { Installation, Refusal, storeAt, writeStubs } from '../support/sweep-installation.ts';
import { buildVersions, filesOf, NEW, OLD, SCHEMAS } from '../support/sweep-versions.ts';

/** Hundreds of starts of hephd, on a machine that may be busy. */
const LONG = { timeout: 600_000 };

let sandbox: Sandbox;
let releases: Releases;
beforeAll(async () => {
  [sandbox, releases] = [await Sandbox.make(), await Releases.make()];
  await buildVersions(sandbox.path);
  writeStubs(sandbox.at('stubs'));
}, LONG.timeout);
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await releases[Symbol.asyncDispose]();
});

const OLDER = '0.0.9';
/** Tasks, in the order in which they are filed. */
const [ONE, TWO, THREE, FOUR, FIVE] = ['One', 'Two', 'Three', 'Four', 'Five'];

/** The old version with a task, a feed with the new one, and what other updates left, cut short or not. */
async function beforeUpdate(
  name: string,
  build: 'new' | 'same' = 'new',
  failsTrial = false,
): Promise<Installation> {
  const [config, stubs] = [sandbox.at(`${name}.toml`), sandbox.at('stubs')];
  const older = filesOf(sandbox.path, 'old');
  const versions = { [OLD]: older, [NEW]: filesOf(sandbox.path, build, failsTrial) };
  const feed = await releases.holding(NEW, versions[NEW] ?? {}, name);
  writeFileSync(config, `[update]\nfeed = "file://${feed}"\nkeys = ["${releases.key}"]\n`);
  const home = new Installation(sandbox.at(name), { config, stubs, versions });
  for (const version of [OLDER, OLD]) home.install(version, older);
  for (const left of [`versions/${NEW}`, `versions/${NEW}.staging`, 'update/rehearsal'])
    for (const each of ['a', 'b']) home.put(`${left}/${each}`, 'of another time');
  home.put('update/download.tar.gz', 'half');
  home.put(`backups/before-update-to-${NEW}.db`, 'of another time');
  expect(await serving(home, ONE)).toBe(OLD);
  return home;
}

/** The same when the new version is about to be tried. */
async function onProbation(...how: Parameters<typeof beforeUpdate>): Promise<Installation> {
  const home = await beforeUpdate(...how);
  await serving(home, TWO, { [OLD]: 'update.start' });
  return home;
}

type MakeWay = 'update.start' | 'update.rollback';

/**
 * Start it, file a task with whoever serves, and end it.
 * @param next what a version that is named is asked, to end by itself.
 * @returns which version that was.
 */
async function serving(
  home: Installation,
  title: string,
  next: Readonly<Record<string, MakeWay>> = {},
): Promise<string> {
  await using boot = home.boot();
  const version = await boot.greeted();
  expect(home.inUse()).toBe(version);
  expect(readState(home.places.state).pending, 'nothing is under way').toBeNull();
  await boot.ask('task.add', { title, request_id: `to add ${title}` });
  const method = next[version];
  if (method !== undefined) await boot.ask(method);
  if (method !== undefined) expect(await boot.ended).toMatch(/^exit 0/);
  return version;
}

/** A hephd that serves is asked to make way. */
function asked(method: MakeWay): Run {
  return async (home, death) => {
    await using boot = home.boot(death);
    await boot.greeted();
    home.watch();
    await boot.ask(method).catch((error: unknown) => {
      // Who dies answers nobody; whoever refuses does not leave.
      if (error instanceof Refusal) throw error;
    });
    return await boot.ended;
  };
}

/** A start after an update was handed over. */
const start: Run = async (home, death) => {
  home.watch();
  await using boot = home.boot(death);
  return await Promise.race([boot.ended, boot.greeted().then(() => null)]);
};

/** Whatever was cut: a whole version is in use, and no small file is half of one. */
function expectWhole(home: Installation): void {
  const { probation, state } = home.places;
  expect(home.filesOf(home.inUse())).toEqual(home.known.versions[home.inUse()]);
  if (existsSync(state)) expect(() => JSON.parse(readFileSync(state, 'utf8'))).not.toThrow();
  if (existsSync(probation))
    expect(parseProbation(readFileSync(probation, 'utf8'))).toMatchObject({ from: OLD, to: NEW });
}

const ALWAYS = ['backups', 'current', 'heph.db', 'launcher', 'update', 'versions'].map(
  (name) => `./${name}`,
);

/** Nothing lies there besides these. */
function expectOnly(home: Installation, ...names: string[]): void {
  const found = home.listing().map((name) => name.replace(/(given-back-by-[\d.]+)-.*/, '$1'));
  expect([...new Set(found)]).toEqual([...names, ...ALWAYS].toSorted());
}

function expectStore(path: string, schema: number | undefined, titles: string[]): void {
  expect(storeAt(path)).toEqual({ problems: 'ok', schema, titles: titles.toSorted() });
}

const COPY = `backups/before-update-to-${NEW}.db`;
const STATE = 'update/state.json';

/** It goes over to the new version with the next start, which is swept below. */
function expectHandedOver(home: Installation, titles: string[]): void {
  const versions = [OLDER, OLD, NEW].map((version) => `versions/${version}`);
  expectOnly(home, './hand-over.json', 'update/probation', STATE, ...versions);
  const probation = parseProbation(readFileSync(home.places.probation, 'utf8'));
  expect(probation).toMatchObject({ from: OLD, to: NEW, boots: 0 });
  expect(home.filesOf(NEW)).toEqual(home.known.versions[NEW]);
  expect(home.inUse()).toBe(OLD);
  expectStore(`${home.folder}/heph.db`, SCHEMAS.old, titles);
}

/** The new version serves, for good. @param copied what the copy to go back to holds. */
function expectUpdated(home: Installation, copied: string[], titles: string[]): void {
  expectOnly(home, COPY, STATE, `versions/${OLD}`, `versions/${NEW}`);
  expectWhole(home);
  expectStore(`${home.folder}/heph.db`, SCHEMAS.new, titles);
  expectStore(backupBeforeUpdate(`${home.folder}/backups`, NEW), SCHEMAS.old, copied);
  expect(readState(home.places.state)).toMatchObject({ pending: null, previous: OLD, bad: [] });
}

/** The old version serves again, on the store as it was, and will not try that again. */
function expectGivenBack(home: Installation, titles: string[]): void {
  // What the new version left is kept where it had changed the store already.
  const isKept = home.listing().some((name) => name.startsWith('backups/given-back-by-'));
  const isCopied = existsSync(`${home.folder}/${COPY}`);
  const copies = [isCopied ? [COPY] : [], isKept ? [`backups/given-back-by-${NEW}`] : []].flat();
  expectOnly(home, ...copies, STATE, `versions/${OLDER}`, `versions/${OLD}`);
  expectWhole(home);
  expectStore(`${home.folder}/heph.db`, SCHEMAS.old, titles);
  const bad = [{ version: NEW, why: expect.stringMatching(/^it /) }];
  expect(readState(home.places.state)).toMatchObject({ pending: null, bad });
}

test(
  'going over, cut anywhere, is not begun or is done, and can be begun again',
  LONG,
  async () => {
    const points = await sweep({
      from: await beforeUpdate('over'),
      run: asked('update.start'),
      afterwards: async (home) => {
        expectWhole(home);
        const version = await serving(home, TWO, { [OLD]: 'update.start' });
        if (version === OLD) expectHandedOver(home, [ONE, TWO]);
        else expectUpdated(home, [ONE], [ONE, TWO]);
      },
    });
    expect(points).toBeGreaterThan(60);
  },
);

test(
  'the trial of a version that works, cut anywhere, is repeated, and it stays',
  LONG,
  async () => {
    const points = await sweep({
      from: await onProbation('trial'),
      run: start,
      afterwards: async (home) => {
        expectWhole(home);
        expect(await serving(home, THREE)).toBe(NEW);
        expectUpdated(home, [ONE, TWO], [ONE, TWO, THREE]);
      },
    });
    expect(points).toBeGreaterThan(30);
  },
);

test('a version that dies on trial by itself, anywhere, is given back', LONG, async () => {
  const points = await sweep({
    from: await onProbation('alone'),
    run: start,
    alone: true,
    until: 'rm update/probation',
    afterwards: async (home) => {
      expect(await serving(home, THREE)).toBe(OLD);
      expectGivenBack(home, [ONE, TWO, THREE]);
    },
  });
  expect(points).toBeGreaterThan(15);
});

test(
  'giving back a version that fails its trial, cut anywhere, is done in the end',
  LONG,
  async () => {
    const points = await sweep({
      from: await onProbation('back', 'new', true),
      run: start,
      afterwards: async (home) => {
        expectWhole(home);
        expect(await serving(home, THREE)).toBe(OLD);
        expectGivenBack(home, [ONE, TWO, THREE]);
      },
    });
    expect(points).toBeGreaterThan(40);
  },
);

test(
  'giving back a version that left the store as it was, cut up to its removal, is done in the end',
  LONG,
  async () => {
    const points = await sweep({
      from: await onProbation('as-it-was', 'same', true),
      run: start,
      until: `rm versions/${NEW}`,
      afterwards: async (home) => {
        expectWhole(home);
        expect(await serving(home, THREE)).toBe(OLD);
      },
    });
    expect(points).toBeGreaterThan(20);
  },
);

test(
  'going back by hand, cut anywhere, is not begun or is done, and can be begun again',
  LONG,
  async () => {
    const handedOver = await onProbation('hand', 'same');
    expect(await serving(handedOver, THREE)).toBe(NEW);
    const points = await sweep({
      from: handedOver,
      run: asked('update.rollback'),
      afterwards: async (home) => {
        expectWhole(home);
        const titles = [ONE, TWO, THREE, FOUR];
        const version = await serving(home, FOUR, { [NEW]: 'update.rollback' });
        if (version === NEW) {
          expect(await serving(home, FIVE)).toBe(OLD);
          titles.push(FIVE);
        }
        expectOnly(home, COPY, STATE, `versions/${OLD}`, `versions/${NEW}`);
        expectStore(`${home.folder}/heph.db`, SCHEMAS.same, titles);
        const { previous, bad } = readState(home.places.state);
        expect({ previous, bad }).toMatchObject({ previous: null, bad: [{ version: NEW }] });
      },
    });
    expect(points).toBeGreaterThan(10);
  },
);
