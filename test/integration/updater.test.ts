import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handOverUntil } from '#client/hand-over.ts';
import { ConfigError } from '#config/load.ts';
import { Updater, type UpdaterPorts, type UpdateWish } from '#daemon/updater.ts';
import { VERSION } from '#protocol/version.ts';
import { updatePlaces, type UpdatePlaces } from '#update/places.ts';
import { readState, writeState } from '#update/state.ts';
import { platform } from '../../scripts/support.ts';
import { settableClock } from '../support/clock.ts';
import { placeVersion, refusalOf } from '../support/installed-versions.ts';
import { Releases, runIt } from '../support/releases.ts';
import { Sandbox } from '../support/sandbox.ts';

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
  for (const version of [VERSION, '0.0.9', '0.0.8']) placeVersion(places, version);
  symlinkSync(`versions/${VERSION}`, places.current);
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
    betweenChanges: (work) => {
      left.push(existsSync(sandbox.at('hand-over.json')) ? 'announced too early' : 'at rest');
      return work();
    },
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
    await updater(await releases.broken('0.0.1')).check();
    expect(state().failures).toBe(0);
  });
});

describe('going over', () => {
  test('lays the version beside, puts it on probation, announces, and leaves, all while nothing is changed', async () => {
    const feed = await releases.broken('0.3.0');
    mkdirSync(sandbox.at('backups'));
    const stale = sandbox.at('backups/before-update-to-0.3.0.db');
    writeFileSync(stale, 'of another time');
    expect(await updater(feed).start()).toEqual({ from: VERSION, to: '0.3.0' });
    expect(versions()).toContain('0.3.0');
    expect(readFileSync(places.probation, 'utf8')).toMatch(
      new RegExp(`^from ${VERSION}\nto 0.3.0\nboots 0\nlimit 2\\d\n$`),
    );
    const { until_ms: until } = JSON.parse(readFileSync(sandbox.at('hand-over.json'), 'utf8')) as {
      until_ms: number;
    };
    expect(until).toBeGreaterThan(Date.now());
    expect(existsSync(stale)).toBe(false);
    expect(state().pending).toEqual({ from: VERSION, to: '0.3.0' });
    expect(left).toEqual(['at rest', 'update']);
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

describe('a look by itself', () => {
  test('goes over to what is newer', async () => {
    await updater(await releases.broken('0.3.0')).look();
    expect(left).toEqual(['at rest', 'update']);
  });

  test('goes nowhere when it was switched off while it downloaded', async () => {
    const feed = await releases.broken('0.3.0');
    const answers = [true, false];
    const wish = () => ({ ...wishFor(feed), isOn: answers.shift() ?? false });
    await updater(feed, { wish }).look();
    expect(answers).toEqual([]);
    expect(left).toEqual(['at rest']);
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
    const clock = settableClock(new Date().toISOString());
    expect(await updater('', { clock }).rollback()).toEqual({ from: VERSION, to: '0.0.9' });
    const nowMs = clock.nowMs();
    expect(handOverUntil(sandbox.at('hand-over.json'), nowMs)).toBe(nowMs + 60_000);
    expect(readlinkSync(places.current)).toBe('versions/0.0.9');
    expect(left).toEqual(['at rest', 'rollback']);
    expect(state()).toMatchObject({
      previous: null,
      bad: [{ version: VERSION, why: 'somebody went back from it' }],
    });
    expect(existsSync(places.rehearsal)).toBe(false);
  });

  test('that is cut short before another version is in use can be asked for again', async () => {
    note({ previous: '0.0.9' });
    mkdirSync(sandbox.at('hand-over.json.part'));
    const rollback = () => updater('').rollback();
    await expect(rollback()).rejects.toThrow('EISDIR');
    expect(readlinkSync(places.current)).toBe(`versions/${VERSION}`);
    rmdirSync(sandbox.at('hand-over.json.part'));
    expect(await rollback()).toEqual({ from: VERSION, to: '0.0.9' });
    expect(state()).toMatchObject({ previous: null, bad: [{ version: VERSION }] });
  });

  test.each([
    ['there is none', null, 'no_version'],
    ['its files are gone', '0.0.7', 'no_version'],
    ['it does not work on the store as it is', '0.0.8', 'bad_version'],
  ])('is refused where %s', async (_, previous, reason) => {
    note({ previous });
    placeVersion(
      places,
      '0.0.8',
      'echo "cannot open the store: it was written by a newer heph" >&2; exit 78',
    );
    mkdirSync(sandbox.at('backups'));
    const copy = sandbox.at(`backups/before-update-to-${VERSION}.db`);
    writeFileSync(copy, 'tasks');
    const problem = await refusalOf(updater('').rollback());
    expect(problem).toMatchObject({ code: 'no_update', reason });
    if (reason === 'bad_version')
      expect(problem).toMatchObject({
        message: expect.stringMatching(/^cannot go back to 0\.0\.8: .*written by a newer heph/),
        hint: expect.stringContaining(copy),
      });
    expect(readlinkSync(places.current)).toBe(`versions/${VERSION}`);
    expect(left).toEqual([]);
  });
});

describe('where another version was installed by hand meanwhile', () => {
  beforeEach(() => {
    placeVersion(places, '0.4.0');
    rmSync(places.current);
    symlinkSync('versions/0.4.0', places.current);
  });

  test('hephd makes way for no other, forward or back', async () => {
    note({ previous: '0.0.9' });
    const feed = await releases.broken('0.3.0');
    for (const asked of [updater(feed).start(), updater(feed).rollback()])
      expect(await refusalOf(asked)).toMatchObject({
        reason: 'not_current',
        message: `cannot replace hephd ${VERSION}: 0.4.0 is installed by now`,
      });
    await updater(feed).look();
    expect(state().last_result).toMatch(/0\.4\.0 is installed by now$/);
    expect(left).toEqual([]);
  });
});

describe('while hephd leaves', () => {
  test('whoever waited in the queue is to ask the next one, and nothing is noted', async () => {
    const stop = new AbortController();
    const feed = await releases.broken('0.3.0');
    const leaving = updater(feed, { stop: stop.signal, leave: () => stop.abort() });
    const asked = [leaving.start(), leaving.start(), leaving.rollback(), leaving.check()];
    expect(await asked[0]).toMatchObject({ to: '0.3.0' });
    for (const queued of asked.slice(1))
      expect(await refusalOf(queued)).toEqual({ code: 'draining' });
    expect(state()).toMatchObject({ failures: 0, last_result: 'going over to 0.3.0', bad: [] });
  });
});

test('a version that fails its rehearsal again and again is asked for less and less often', async () => {
  const feed = await releases.broken('0.3.1', { onSelfTest: 'exit 1' });
  for (const failures of [1, 2, 3]) {
    await updater(feed).look();
    expect(state().failures).toBe(failures);
  }
});
