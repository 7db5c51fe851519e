import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { artifactFor, readManifest } from '#update/manifest.ts';
import { newKey, release } from '../../../scripts/feed.ts';
import { Sandbox } from '../../support/sandbox.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');

let sandbox: Sandbox;
let key: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  key = await newKey(sandbox.at('key.pem'));
  writeFileSync(sandbox.at('none.pem'), 'hello', { mode: 0o600 });
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const textOf = (path: string) => readFileSync(sandbox.at('feed', path), 'utf8');

function archive(version: string, platform = 'linux-x64', text = `heph ${version}`): string {
  const path = sandbox.at(`heph-${version}-${platform}.tar.gz`);
  writeFileSync(path, text);
  return path;
}

function put(version: string, archives = [archive(version)], keys = [sandbox.at('key.pem')]) {
  return release({ feed: sandbox.at('feed'), version, archives, keys, nowMs: NOW_MS, days: 10 });
}

/** As a client reads it. */
function read(keys = [key]) {
  const bytes = readFileSync(sandbox.at('feed', 'manifest.json'));
  return readManifest(bytes, textOf('manifest.json.sig'), 'feed', { keys, nowMs: NOW_MS });
}

test('what is released can be read with the public half of the key, and no other', async () => {
  const manifest = await put('1.2.0');
  expect(read()).toEqual(manifest);
  expect(manifest).toMatchObject({
    version: '1.2.0',
    released: '2026-11-25T12:00:00.000Z',
    expires: '2026-12-05T12:00:00.000Z',
  });
  expect(textOf(artifactFor(manifest, 'linux-x64').file)).toBe('heph 1.2.0');
  const stranger = await newKey(sandbox.at('other.pem'));
  expect(() => read([stranger])).toThrow('not signed with a key that this heph knows');
});

test('a key is for its owner alone, and never written over', async () => {
  expect(statSync(sandbox.at('key.pem')).mode & 0o777).toBe(0o600);
  await expect(newKey(sandbox.at('key.pem'))).rejects.toThrow('EEXIST');
  await put('1.2.0');
  expect(read().version).toBe('1.2.0');
});

test('with two keys it can be read with either', async () => {
  const next = await newKey(sandbox.at('next.pem'));
  await put('1.2.0', [archive('1.2.0')], [sandbox.at('key.pem'), sandbox.at('next.pem')]);
  expect(read([key]).version).toBe('1.2.0');
  expect(read([next]).version).toBe('1.2.0');
});

test('another platform comes beside, and a newer version in place', async () => {
  await put('1.2.0');
  await put('1.2.0', [archive('1.2.0', 'darwin-arm64')]);
  expect(Object.keys(read().artifacts)).toEqual(['darwin-arm64', 'linux-x64']);
  await put('1.3.0');
  expect(Object.keys(read().artifacts)).toEqual(['linux-x64']);
  expect(readdirSync(sandbox.at('feed')).toSorted()).toEqual([
    'heph-1.2.0-darwin-arm64.tar.gz',
    'heph-1.2.0-linux-x64.tar.gz',
    'heph-1.3.0-linux-x64.tar.gz',
    'manifest.json',
    'manifest.json.sig',
  ]);
});

test('again, the same bytes are signed for longer', async () => {
  await put('1.2.0');
  await release({
    feed: sandbox.at('feed'),
    version: '1.2.0',
    archives: [archive('1.2.0')],
    keys: [sandbox.at('key.pem')],
    nowMs: NOW_MS + 1000,
    days: 20,
  });
  expect(read()).toMatchObject({
    released: '2026-11-25T12:00:00.000Z',
    expires: '2026-12-15T12:00:01.000Z',
  });
});

test.each([
  ['an older version', () => put('1.1.0'), 'cannot release 1.1.0: '],
  [
    'other bytes of the same version',
    () => put('1.2.0', [archive('1.2.0', 'linux-x64', 'other')]),
    'was released with other bytes',
  ],
  ['no archive', () => put('1.3.0', []), 'npm run package'],
  [
    'the archive of another version',
    () => put('1.3.0', [archive('1.2.0')]),
    'it is not named heph-1.3.0-',
  ],
  ['a version that is none', () => put('1.3'), 'three numbers'],
  [
    'a key that is none',
    () => put('1.3.0', undefined, [sandbox.at('none.pem')]),
    'cannot sign with',
  ],
])('%s is refused, and the feed is as it was', async (_, act, message) => {
  await put('1.2.0');
  const before = [
    textOf('manifest.json'),
    textOf('manifest.json.sig'),
    readdirSync(sandbox.at('feed')),
  ];
  await expect(act()).rejects.toThrow(message);
  expect([
    textOf('manifest.json'),
    textOf('manifest.json.sig'),
    readdirSync(sandbox.at('feed')),
  ]).toEqual(before);
});

test('a key that others can read is refused', async () => {
  await chmod(sandbox.at('key.pem'), 0o640);
  await expect(put('1.2.0')).rejects.toThrow('others can read it');
});
