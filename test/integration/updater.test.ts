import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '#config/load.ts';
import { HephError } from '#core/errors.ts';
import { settleUpdate } from '#daemon/settle-update.ts';
import { Updater, type UpdaterPorts, type UpdateWish } from '#daemon/updater.ts';
import { VERSION } from '#protocol/version.ts';
import { updatePlaces, type UpdatePlaces } from '#update/places.ts';
import { probationText } from '#update/probation.ts';
import { readState, writeState } from '#update/state.ts';
import { platform } from '../../scripts/support.ts';
import { settableClock } from '../support/clock.ts';
import { Releases, runIt } from '../support/releases.ts';
import { Sandbox } from '../support/sandbox.ts';

/** Whom nothing belongs to. */
const NOBODY = 65_534;

let releases: Releases;
beforeAll(async () => {
  releases = await Releases.make();
});
afterAll(() => releases[Symbol.asyncDispose]());

let sandbox: Sandbox;
let places: UpdatePlaces;
let logged: string[];
let left: string[];
beforeEach(async () => {
  sandbox = await Sandbox.make();
  places = updatePlaces(sandbox.path);
  [logged, left] = [[], []];
  for (const version of [VERSION, '0.0.9', '0.0.8']) {
    mkdirSync(`${places.versions}/${version}/bin`, { recursive: true });
    writeFileSync(`${places.versions}/${version}/bin/hephd`, '');
  }
});
afterEach(() => sandbox[Symbol.asyncDispose]());

function updater(feed: string, more: Partial<UpdaterPorts> = {}): Updater {
  return new Updater({
    places,
    backups: sandbox.at('backups'),
    handOver: sandbox.at('hand-over.json'),
    wish: () => wishFor(feed),
    platform,
    clock: settableClock(new Date().toISOString()),
    whyNot: null,
    schema: 2,
    schemaOf: () => null,
    copyStore: async (to) => writeFileSync(to, 'tasks'),
    problemsOf: async () => [],
    run: runIt,
    leave: (why) => left.push(why),
    stop: new AbortController().signal,
    log: (event) => logged.push(event),
    ...more,
  });
}

function wishFor(feed: string): UpdateWish {
  return { isOn: true, feed: feed === '' ? '' : `file://${feed}`, keys: [releases.key] };
}

const state = () => readState(places.state);
const note = (change: Partial<ReturnType<typeof state>>) =>
  writeState(places.state, { ...state(), ...change });
const versions = () => readdirSync(places.versions).toSorted();
const refusalOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HephError);
  return (error as HephError).problem;
};

describe('a look at the feed', () => {
  test('finds what is newer, and notes when it looked', async () => {
    const feed = await releases.broken('0.3.0');
    expect(await updater(feed).check()).toEqual({
      running: VERSION,
      newer: '0.3.0',
      by_hand_only: null,
    });
    expect(state()).toMatchObject({
      last_check: expect.any(String),
      last_result: '0.3.0 is there',
      failures: 0,
    });
    expect(left).toEqual([]);
  });

  test('without a feed there is none, and what to do is said', async () => {
    expect(await refusalOf(updater('').check())).toEqual({
      code: 'no_update',
      reason: 'bad_feed',
      message: 'cannot look for a newer version: no feed is set',
      hint: 'set one with: heph config set update.feed https://…',
    });
  });

  test('that fails is noted, and counted until one does not', async () => {
    const feed = await releases.broken('0.3.0');
    for (let i = 1; i <= 2; i++) {
      const problem = await refusalOf(
        updater(feed, { wish: () => ({ ...wishFor(feed), keys: [] }) }).check(),
      );
      expect(problem).toMatchObject({ code: 'no_update', reason: 'bad_signature' });
      expect(state()).toMatchObject({
        failures: i,
        last_result: expect.stringMatching(/^cannot use the feed/),
      });
    }
    expect(logged).toEqual(['no-update', 'no-update']);
    await updater(feed).check();
    expect(state().failures).toBe(0);
  });
});

describe('going over', () => {
  test('lays the version beside, puts it on probation, announces, and leaves', async () => {
    const feed = await releases.broken('0.3.0');
    mkdirSync(sandbox.at('backups'));
    const stale = sandbox.at('backups/before-update-to-0.3.0.db');
    writeFileSync(stale, 'of another time');
    expect(await updater(feed).start()).toEqual({ from: VERSION, to: '0.3.0' });
    expect(versions()).toContain('0.3.0');
    expect(readFileSync(places.probation, 'utf8')).toBe(`from ${VERSION}\nto 0.3.0\nboots 0\n`);
    const { until_ms: until } = JSON.parse(readFileSync(sandbox.at('hand-over.json'), 'utf8')) as {
      until_ms: number;
    };
    expect(until).toBeGreaterThan(Date.now());
    expect(existsSync(stale)).toBe(false);
    expect(state().pending).toEqual({ from: VERSION, to: '0.3.0' });
    expect(left).toEqual(['update']);
  });

  test('to what was given back, or is a major version, only when asked', async () => {
    note({ bad: [{ version: '0.3.0', why: 'it hung', at: 'then' }] });
    const feed = await releases.broken('0.3.0');
    expect(await updater(feed).check()).toMatchObject({
      by_hand_only: 'it was given back on then: it hung',
    });
    // Whoever looks at status later still learns what happened.
    expect(state().last_result).toBe('left 0.3.0 alone: it was given back on then: it hung');
    expect(await updater(feed).start()).toMatchObject({ to: '0.3.0' });
  });

  test('goes no further where nothing is newer', async () => {
    const feed = await releases.broken('0.0.1');
    expect(await updater(feed).start()).toEqual({ from: VERSION, to: null });
    expect(left).toEqual([]);
    expect(existsSync(places.probation)).toBe(false);
  });

  test.each([
    [
      'fails its self-test',
      { run: async () => ({ code: 1, stdout: '', stderr: 'no' }) },
      'bad_version',
    ],
    ['damages a copy of the store', { problemsOf: async () => ['a page is gone'] }, 'bad_version'],
    ['is for another machine', { platform: 'linux-riscv64' }, 'no_artifact'],
    ['would not be started again', { whyNot: 'npm has installed it' }, 'not_ours'],
  ])('never to one that %s', async (_, more, reason) => {
    const feed = await releases.broken('0.3.0');
    expect(await refusalOf(updater(feed, more).start())).toMatchObject({
      code: 'no_update',
      reason,
    });
    expect(left).toEqual([]);
    expect(versions()).not.toContain('0.3.0');
    for (const path of [places.probation, sandbox.at('hand-over.json')])
      expect(existsSync(path)).toBe(false);
  });
});

describe('the first start after it', () => {
  test('notes that it is done; of the older versions, the last one stays', async () => {
    note({ pending: { from: '0.0.9', to: VERSION } });
    mkdirSync(`${places.versions}/0.3.0.staging`);
    mkdirSync(`${places.versions}/mine`);
    const log = (event: string) => logged.push(event);
    expect(settleUpdate({ places, log })).toBe(true);
    expect(state()).toMatchObject({
      pending: null,
      previous: '0.0.9',
      last_result: `updated from 0.0.9 to ${VERSION}`,
    });
    expect(versions()).toEqual(['0.0.9', VERSION, 'mine']);
    expect(logged).toEqual(['updated']);
  });

  test('goes on where an older version cannot be removed', () => {
    note({ pending: { from: '0.0.9', to: VERSION } });
    const isRoot = process.geteuid?.() === 0;
    chmodSync(`${places.versions}/0.0.8/bin`, 0o500);
    const own = isRoot ? ['', 'versions', 'update', 'update/state.json'] : [];
    for (const each of own) chownSync(sandbox.at(each), NOBODY, NOBODY);
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      settleUpdate({ places, log: (event) => logged.push(event) });
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(`${places.versions}/0.0.8/bin`, 0o700);
    }
    expect(logged).toEqual(['not-removed', 'updated']);
    expect(state()).toMatchObject({ pending: null, previous: '0.0.9' });
  });

  test.each([
    ['was stopped before it was handed over is over', null],
    ['is on probation goes on', probationText({ from: VERSION, to: '0.3.0', boots: 0 })],
  ])('one that %s', (_, probation) => {
    const pending = { from: VERSION, to: '0.3.0' };
    note({ pending, last_result: 'going over to 0.3.0' });
    if (probation !== null) writeFileSync(places.probation, probation);
    settleUpdate({ places, log: (event) => logged.push(event) });
    expect(state()).toMatchObject(
      probation === null
        ? {
            pending: null,
            last_result: 'cannot update to 0.3.0: hephd was stopped on its way there',
          }
        : { pending, last_result: 'going over to 0.3.0' },
    );
  });

  test('of any other start, nothing', () => {
    const log = (event: string) => logged.push(event);
    expect(settleUpdate({ places, log })).toBe(false);
    expect(existsSync(places.state)).toBe(false);
    expect(versions()).toEqual(['0.0.8', '0.0.9', VERSION]);
  });
});

describe('a look by itself', () => {
  test('goes over to what is newer', async () => {
    await updater(await releases.broken('0.3.0')).look();
    expect(left).toEqual(['update']);
  });

  test('goes nowhere when it was switched off while it downloaded', async () => {
    const feed = await releases.broken('0.3.0');
    const answers = [true, false];
    const wish = () => ({ ...wishFor(feed), isOn: answers.shift() ?? false });
    await updater(feed, { wish }).look();
    expect(answers).toEqual([]);
    expect(left).toEqual([]);
    expect(existsSync(places.probation)).toBe(false);
  });

  test('survives what it cannot read', async () => {
    const wish = () => {
      throw new ConfigError('cannot use config.toml');
    };
    await updater('', { wish }).look();
    expect(await refusalOf(updater('', { wish }).check())).toMatchObject({
      reason: 'bad_settings',
      message: 'cannot use config.toml',
    });
  });
});

describe('going back', () => {
  test('turns to the version before, which will not come here again by itself', async () => {
    note({ previous: '0.0.9' });
    expect(await updater('', { schemaOf: () => 2 }).rollback()).toEqual({
      from: VERSION,
      to: '0.0.9',
    });
    expect(readlinkSync(places.current)).toBe('versions/0.0.9');
    expect(left).toEqual(['rollback']);
    expect(state()).toMatchObject({
      previous: null,
      bad: [{ version: VERSION, why: 'somebody went back from it' }],
    });
  });

  test('that is cut short before another version is in use can be asked for again', async () => {
    note({ previous: '0.0.9' });
    mkdirSync(sandbox.at('hand-over.json.part'));
    const rollback = () => updater('', { schemaOf: () => 2 }).rollback();
    await expect(rollback()).rejects.toThrow('EISDIR');
    expect(existsSync(places.current)).toBe(false);
    rmdirSync(sandbox.at('hand-over.json.part'));
    expect(await rollback()).toEqual({ from: VERSION, to: '0.0.9' });
    expect(state()).toMatchObject({ previous: null, bad: [{ version: VERSION }] });
  });

  test('that is cut short once it is, is noted by that version', () => {
    note({ previous: VERSION });
    settleUpdate({ places, log: (event) => logged.push(event) });
    expect(state()).toMatchObject({ previous: null, last_result: `went back to ${VERSION}` });
  });

  test.each([
    ['there is none', null, 2, 'no_version'],
    ['its files are gone', '0.0.7', 2, 'no_version'],
    ['it cannot read the store', '0.0.9', 1, 'newer_store'],
    ['nobody knows whether it can', '0.0.9', null, 'newer_store'],
  ])('is refused where %s', async (_, previous, schema, reason) => {
    note({ previous });
    const asked = updater('', { schemaOf: () => schema }).rollback();
    expect(await refusalOf(asked)).toMatchObject({ code: 'no_update', reason });
    expect(existsSync(places.current)).toBe(false);
    expect(left).toEqual([]);
  });
});
