import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { settleUpdate } from '#daemon/settle-update.ts';
import { VERSION } from '#protocol/version.ts';
import { updatePlaces, type UpdatePlaces } from '#update/places.ts';
import { readState, writeState } from '#update/state.ts';
import { startDaemon } from '../support/daemon.ts';
import { Sandbox } from '../support/sandbox.ts';

const NOBODY = 65_534;

let sandbox: Sandbox;
let places: UpdatePlaces;
let logged: string[];
beforeEach(async () => {
  sandbox = await Sandbox.make();
  places = updatePlaces(sandbox.path);
  logged = [];
  for (const version of [VERSION, '0.0.9', '0.0.8'])
    mkdirSync(`${places.versions}/${version}/bin`, { recursive: true });
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const state = () => readState(places.state);
const note = (change: Partial<ReturnType<typeof state>>) =>
  writeState(places.state, { ...state(), ...change });
const versions = () => readdirSync(places.versions).toSorted();
const settle = () =>
  settleUpdate({ places, backups: sandbox.at('backups'), log: (event) => logged.push(event) });

describe('the first start after an update', () => {
  test('notes that it is done; of the older versions, the last one stays', async () => {
    note({ pending: { from: '0.0.9', to: VERSION } });
    mkdirSync(`${places.versions}/0.3.0.staging`);
    mkdirSync(`${places.versions}/mine`);
    expect(settle()).toBe(true);
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
      settle();
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(`${places.versions}/0.0.8/bin`, 0o700);
    }
    expect(logged).toEqual(['not-removed', 'updated']);
    expect(state()).toMatchObject({ pending: null, previous: '0.0.9' });
  });

  test('one that was stopped before it was handed over is over', () => {
    note({ pending: { from: VERSION, to: '0.3.0' }, last_result: 'going over to 0.3.0' });
    settle();
    expect(state()).toMatchObject({
      pending: null,
      last_result: 'cannot update to 0.3.0: hephd was stopped on its way there',
    });
  });

  test('a way back that was cut short is noted by the version that it led to', () => {
    note({ previous: VERSION });
    settle();
    expect(state()).toMatchObject({ previous: null, last_result: `went back to ${VERSION}` });
  });

  test('what is in use stays, and of the copies before an update only the last', () => {
    note({ pending: { from: '0.0.9', to: VERSION } });
    symlinkSync('versions/0.0.8', places.current);
    mkdirSync(sandbox.at('backups'));
    const copies = ['0.0.9', VERSION].map((version) => `before-update-to-${version}.db`);
    for (const name of [...copies, 'daily-2026-11-27.db', 'mine.db'])
      writeFileSync(sandbox.at('backups', name), '');
    settle();
    expect(versions()).toEqual(['0.0.8', '0.0.9', VERSION]);
    expect(readdirSync(sandbox.at('backups')).toSorted()).toEqual(
      [`before-update-to-${VERSION}.db`, 'daily-2026-11-27.db', 'mine.db'].toSorted(),
    );
  });

  test('where it cannot be noted, hephd serves all the same', () => {
    note({ pending: { from: '0.0.9', to: VERSION } });
    mkdirSync(`${places.state}.part`);
    expect(settle()).toBe(false);
    expect(logged).toEqual(['not-settled']);
  });

  test('of any other start, nothing', () => {
    expect(settle()).toBe(false);
    expect(existsSync(places.state)).toBe(false);
    expect(versions()).toEqual(['0.0.8', '0.0.9', VERSION]);
  });
});

test('a hephd that cannot load what makes the links of its pages serves on, and says so', async () => {
  note({ pending: { from: '0.0.9', to: VERSION } });
  await using daemon = await startDaemon({ folder: sandbox.path, runner: withoutUpdating() });
  const log = () => readFileSync(sandbox.at('hephd.log'), 'utf8');
  await vi.waitFor(() => expect(log()).toContain(' no-links '), { timeout: 20_000 });
  await daemon.greets();
});

/** A Node that has lost a part of the program. */
function withoutUpdating(): string[] {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(asked, context, next) {
      if (asked === '#daemon/updating.ts') throw new Error('it is gone');
      return next(asked, context);
    } });`;
  return [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(hook)}`];
}
