import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFeed } from '#update/feed.ts';
import type { Offer } from '#update/offer.ts';
import { updatePlaces } from '#update/places.ts';
import { stage, type StagePorts } from '#update/stage.ts';
import { runIt } from '../support/releases.ts';
import { Sandbox } from '../support/sandbox.ts';

const VERSION = '1.3.0';
const NAME = `heph-${VERSION}-linux-x64`;
const WORKS = 'echo "hephd 1.3.0 (abc)"';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  for (const folder of ['feed', 'data', 'data/versions', 'data/versions/1.2.0'])
    mkdirSync(sandbox.at(folder));
  writeFileSync(sandbox.at('data/heph.db'), 'tasks');
});
afterEach(() => sandbox[Symbol.asyncDispose]());

interface Release {
  hephd?: string;
  version?: string;
  folder?: string;
  /** Of the bytes that the feed will hold. */
  damage?: (bytes: Buffer) => Buffer;
}

/** Put a release on the feed, and say what a manifest would say of it. */
async function release({
  hephd = WORKS,
  version = VERSION,
  folder = NAME,
  damage = (bytes) => bytes,
}: Release = {}): Promise<Offer> {
  const tar = pack();
  tar.entry({ name: `${folder}/VERSION` }, `${version}\n`);
  tar.entry({ name: `${folder}/bin/hephd`, mode: 0o755 }, `#!/bin/sh\n${hephd}\n`);
  tar.finalize();
  const bytes = gzipSync(await buffer(tar as AsyncIterable<Buffer>));
  const file = `${NAME}.tar.gz`;
  writeFileSync(sandbox.at('feed', file), damage(bytes));
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  return {
    version: VERSION,
    platform: 'linux-x64',
    artifact: { file, size: bytes.length, sha512 },
    byHandOnly: null,
  };
}

function ports(more: Partial<StagePorts> = {}): StagePorts {
  return {
    feed: openFeed(pathToFileURL(sandbox.at('feed')).href),
    places: updatePlaces(sandbox.at('data')),
    copyStore: async (to) => copyFileSync(sandbox.at('data/heph.db'), to),
    problemsOf: async (store) =>
      readFileSync(store, 'utf8') === 'tasks' ? [] : ['it is not what it was'],
    run: runIt,
    signal: new AbortController().signal,
    ...more,
  };
}

const versions = () => readdirSync(sandbox.at('data/versions'));
const left = () => readdirSync(sandbox.at('data')).filter((name) => name !== 'versions');

test('a version that works lies beside the one that runs, and nothing else is left (D3)', async () => {
  await stage(await release({ hephd: `${WORKS}; echo "$@" >>"${sandbox.at('said')}"` }), ports());
  expect(versions()).toEqual(['1.2.0', VERSION]);
  expect(readFileSync(sandbox.at('data/versions', VERSION, 'VERSION'), 'utf8')).toBe('1.3.0\n');
  expect(readdirSync(sandbox.at('data/update'))).toEqual([]);
  const [store, socket] = [
    sandbox.at('data/update/rehearsal/heph.db'),
    sandbox.at('data/trial.sock'),
  ];
  expect(readFileSync(sandbox.at('said'), 'utf8')).toBe(
    `--version\n--self-test --db ${store} --socket ${socket}\n`,
  );
});

test('what an earlier one left, or was given back, is in nobody’s way', async () => {
  for (const old of [VERSION, `${VERSION}.staging`]) {
    mkdirSync(sandbox.at('data/versions', old, 'bin'), { recursive: true });
    writeFileSync(sandbox.at('data/versions', old, 'old'), '');
  }
  mkdirSync(sandbox.at('data/update/rehearsal'), { recursive: true });
  for (const old of ['rehearsal/heph.db', 'download.tar.gz'])
    writeFileSync(sandbox.at('data/update', old), 'half');
  await stage(await release(), ports());
  expect(versions()).toEqual(['1.2.0', VERSION]);
  expect(readdirSync(sandbox.at('data/versions', VERSION)).toSorted()).toEqual(['VERSION', 'bin']);
});

const flip = (bytes: Buffer) => {
  const changed = Buffer.from(bytes);
  changed[40] = (changed[40] ?? 0) ^ 1;
  return changed;
};
const onTest = (script: string) => `[ "$1" = --version ] && ${WORKS} && exit; ${script}`;

test.each<[string, Release, string, string]>([
  ['has another byte', { damage: flip }, 'bad_artifact', 'is not what the manifest says'],
  [
    'is cut short',
    { damage: (bytes) => bytes.subarray(1) },
    'bad_artifact',
    'heph-1.3.0-linux-x64.tar.gz',
  ],
  [
    'goes on',
    { damage: (bytes) => Buffer.concat([bytes, bytes]) },
    'bad_artifact',
    'heph-1.3.0-linux-x64.tar.gz',
  ],
  ['is another folder', { folder: 'heph-1.2.9-linux-x64' }, 'bad_archive', 'heph-1.2.9'],
  ['is of another machine', { folder: 'heph-1.3.0-darwin-x64' }, 'bad_archive', 'darwin'],
  ['says another version', { version: '1.2.9' }, 'bad_version', 'its files say that it is 1.2.9'],
  [
    'says another version when asked',
    { hephd: 'echo "hephd 1.3.1 (abc)"' },
    'bad_version',
    'hephd 1.3.1',
  ],
  [
    'does not run',
    { hephd: 'echo "no such library" >&2; exit 127' },
    'bad_version',
    '"no such library"',
  ],
  ['fails without a word', { hephd: 'exit 3' }, 'bad_version', 'exit code 3'],
  [
    'fails its self-test',
    { hephd: onTest('echo "cannot open" >&2; exit 78') },
    'bad_version',
    'its self-test fails: "cannot open"',
  ],
  [
    'damages its copy of the store',
    { hephd: onTest('echo x >"$3"') },
    'bad_version',
    'it damages a copy of the store: it is not what it was',
  ],
])('one that %s is refused: nothing is left of it', async (_, how, code, message) => {
  await expect(stage(await release(how), ports())).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/^cannot /),
  });
  await expect(stage(await release(how), ports())).rejects.toThrow(message);
  expect(versions()).toEqual(['1.2.0']);
  expect(readdirSync(sandbox.at('data/update'))).toEqual([]);
  expect(left().toSorted()).toEqual(['heph.db', 'update']);
  expect(readFileSync(sandbox.at('data/heph.db'), 'utf8')).toBe('tasks');
});

test('a feed without the archive is refused in the same way', async () => {
  const offer = await release();
  const gone = { ...offer, artifact: { ...offer.artifact, file: 'other.tar.gz' } };
  await expect(stage(gone, ports())).rejects.toMatchObject({ code: 'unreachable' });
  expect(versions()).toEqual(['1.2.0']);
});

test('told to stop at any step, it leaves nothing', async () => {
  const offer = await release();
  for (const step of ['copyStore', 'problemsOf', 'run'] as const) {
    const stop = new AbortController();
    const all = ports({ signal: stop.signal });
    const wrapped = all[step] as (...args: unknown[]) => unknown;
    const stopped = {
      ...all,
      [step]: (...args: unknown[]) => {
        stop.abort(new Error('stopped'));
        return wrapped(...args);
      },
    };
    await expect(stage(offer, stopped)).rejects.toThrow('stopped');
    expect(versions(), step).toEqual(['1.2.0']);
    expect(existsSync(sandbox.at('data/update/rehearsal'))).toBe(false);
  }
});
