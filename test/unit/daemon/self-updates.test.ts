import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { updateByItself, type SelfUpdates } from '#daemon/self-updates.ts';
import { updatePlaces, type UpdatePlaces } from '#update/places.ts';
import { readState } from '#update/state.ts';
import { Sandbox } from '../../support/sandbox.ts';

const FEED = '[update]\nfeed = "file:///feed"\n';
const ON = `${FEED}enabled = true\ninterval_s = 2592000\n`;

let sandbox: Sandbox;
let places: UpdatePlaces;
let stop: AbortController;
let running: Promise<void>;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  places = updatePlaces(sandbox.path);
  stop = new AbortController();
  mkdirSync(places.folder);
});
afterEach(async () => {
  stop.abort();
  await running;
  await sandbox[Symbol.asyncDispose]();
});

const look = vi.fn(async () => undefined);
const logged: string[] = [];
const state = () => readState(places.state);
/** The size differs each time: what is written within a millisecond is seen, too. */
const set = (text: string) =>
  writeFileSync(sandbox.at('config.toml'), `${text}${'#'.repeat(++writes)}\n`);
let writes = 0;

function start(text: string, more: Partial<SelfUpdates> = {}): void {
  look.mockClear();
  logged.length = 0;
  set(text);
  running = updateByItself({
    config: sandbox.at('config.toml'),
    places,
    whyNot: null,
    look,
    stop: stop.signal,
    log: (event, { why }) => logged.push(`${event}: ${why}`),
    firstLookMs: 0,
    followMs: 5,
    ...more,
  });
}

/** For a machine that has other things to do. */
const PATIENCE = { timeout: 20_000 };

test('where it is on, it looks, and not again before its time', async () => {
  start(ON);
  expect(state().policy).toBe('on');
  await vi.waitFor(() => expect(look).toHaveBeenCalled(), PATIENCE);
  // A month is more than a timer can hold, and must not be no time at all.
  await sleep(50);
  expect(look).toHaveBeenCalledTimes(1);
  expect(logged).toEqual([]);
});

test('off is off, without a restart, and on is on', async () => {
  start(FEED);
  expect(state().policy).toBe('off');
  set(ON);
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(1), PATIENCE);
  set(FEED);
  await vi.waitFor(() => expect(state().policy).toBe('off'), PATIENCE);
  expect(logged).toEqual([]);
});

test.each([
  ['no feed is set', '[update]\nenabled = true\n', 'no feed is set'],
  ['the settings make no sense', 'update = ', /^cannot (use|read) .*config\.toml/],
])('where %s, it says so once, and goes on when that is mended', async (_, text, why) => {
  start(text);
  const reason = typeof why === 'string' ? why : expect.stringMatching(why);
  await vi.waitFor(() => expect(logged).toHaveLength(1), PATIENCE);
  const [told = ''] = logged;
  expect(told.replace('no-update: ', '')).toEqual(reason);
  expect(state()).toMatchObject({
    policy: 'off',
    last_result: told.replace('no-update: ', 'does not update by itself: '),
  });
  set(ON);
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(1), PATIENCE);
  expect(logged).toHaveLength(1);
});

test('where this hephd is not one that replaces itself, it says so and is done', async () => {
  start(ON, { whyNot: 'npm has installed it' });
  await running;
  expect(look).not.toHaveBeenCalled();
  expect(logged).toEqual(['no-update: npm has installed it']);
  expect(state()).toMatchObject({
    policy: 'off',
    last_result: 'does not update by itself: npm has installed it',
  });
});

test('where nobody wants it, nothing is written', async () => {
  start('', { whyNot: 'npm has installed it' });
  await running;
  expect(logged).toEqual([]);
  expect(() => readFileSync(places.state)).toThrow('ENOENT');
});
