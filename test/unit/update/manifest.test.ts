import { describe, expect, test } from 'vitest';
import { artifactFor, readManifest } from '#update/manifest.ts';
import { keyProblem } from '#update/signature.ts';
import { newSigner } from './signer.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
const WHERE = 'https://feed.test/heph/';
const ARTIFACT = { file: 'heph-1.2.0-linux-x64.tar.gz', size: 1000, sha512: 'ab'.repeat(64) };
const MANIFEST = {
  version: '1.2.0',
  released: '2026-11-24T08:00:00.000Z',
  expires: '2027-05-24T08:00:00.000Z',
  artifacts: { 'linux-x64': ARTIFACT },
};

const [ours, older, stranger] = [newSigner(), newSigner(), newSigner()];
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const read = (bytes: Uint8Array, signature: string, keys = [ours.public], nowMs = NOW_MS) =>
  readManifest(bytes, signature, WHERE, { keys, nowMs });
/** Of a value that is signed as it should be. */
const readSigned = (value: unknown, nowMs?: number) =>
  read(bytesOf(value), ours.sign(bytesOf(value)), [ours.public], nowMs);

describe('a manifest is believed', () => {
  const bytes = bytesOf(MANIFEST);

  test('when it is signed with the key', () => {
    expect(read(bytes, `${ours.sign(bytes)}\n`)).toEqual(MANIFEST);
  });

  test.each([
    ['by the second of two keys', `${ours.sign(bytes)}\n`, [older.public, ours.public]],
    [
      'with a line by a key that is not known',
      `${stranger.sign(bytes)}\n${ours.sign(bytes)}`,
      [ours.public],
    ],
    ['with lines that are no signature', `hello\n\n${ours.sign(bytes)}\n`, [ours.public]],
    ['beside a key that is none', ours.sign(bytes), ['', 'AAAA', ours.public]],
  ])('%s', (_, signature, keys) => {
    expect(read(bytes, signature, keys)).toEqual(MANIFEST);
  });

  test('with fields that later versions may add', () => {
    expect(readSigned({ ...MANIFEST, notes: 'faster' })).toEqual(MANIFEST);
  });
});

describe('a manifest is refused', () => {
  const bytes = bytesOf(MANIFEST);
  const signature = ours.sign(bytes);

  test.each<[string, Uint8Array, string, string[]]>([
    ['without a signature', bytes, '', [ours.public]],
    ['signed by somebody else', bytes, stranger.sign(bytes), [ours.public]],
    ['signed for other bytes', Buffer.concat([bytes, Buffer.from(' ')]), signature, [ours.public]],
    ['signed, with the signature cut', bytes, signature.slice(0, -4), [ours.public]],
    ['signed, in another alphabet', bytes, signature.replaceAll('=', ''), [ours.public]],
    ['signed below sixteen other lines', bytes, `${'x\n'.repeat(16)}${signature}`, [ours.public]],
    ['when no key is known', bytes, signature, []],
    ['when the key is none', bytes, signature, ['not a key']],
    // A key of small order, with which a signature of zeros fits some bytes.
    [
      'by a key of small order',
      bytes,
      Buffer.alloc(64).toString('base64'),
      [Buffer.alloc(32).toString('base64')],
    ],
  ])('%s', (_, given, signed, keys) => {
    expect(() => read(given, signed, keys)).toThrow(
      expect.objectContaining({ code: 'bad_signature', message: expect.stringContaining(WHERE) }),
    );
  });

  test('every bit of it counts', () => {
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => read(changed, signature)).toThrow(
        expect.objectContaining({ code: 'bad_signature' }),
      );
    }
  });

  test('nothing of it is read before its signature is', () => {
    expect(() => read(Buffer.from('not JSON'), signature)).toThrow(
      expect.objectContaining({ code: 'bad_signature' }),
    );
  });

  const withoutExpires: Partial<typeof MANIFEST> = { ...MANIFEST };
  delete withoutExpires.expires;
  const of = (change: Partial<Record<keyof typeof ARTIFACT, unknown>>) => ({
    ...MANIFEST,
    artifacts: { 'linux-x64': { ...ARTIFACT, ...change } },
  });
  test.each<[string, unknown]>([
    ['no object', [MANIFEST]],
    ['null', null],
    ['a version that is none', { ...MANIFEST, version: '1.2' }],
    ['a version that is a path', { ...MANIFEST, version: '../../1.2.0' }],
    ['no end', withoutExpires],
    ['an end that is no moment', { ...MANIFEST, expires: 'never' }],
    ['a file in another folder', of({ file: '../heph.tar.gz' })],
    ['a file at another place', of({ file: 'https://elsewhere.test/heph.tar.gz' })],
    ['a hidden file', of({ file: '.heph.tar.gz' })],
    ['a size below nothing', of({ size: -1 })],
    ['a size that is no number', of({ size: '1000' })],
    ['a size of a gibibyte', of({ size: 2 ** 30 })],
    ['half a hash', of({ sha512: 'ab'.repeat(32) })],
    ['a hash in capitals', of({ sha512: 'AB'.repeat(64) })],
    ['a platform that is none', { ...MANIFEST, artifacts: { 'linux x64': ARTIFACT } }],
  ])('signed, but with %s', (_, value) => {
    expect(() => readSigned(value)).toThrow(expect.objectContaining({ code: 'bad_manifest' }));
  });

  test('signed, but not JSON, or not UTF-8', () => {
    for (const bad of [Buffer.from('{'), Buffer.from([0x22, 0xff, 0x22])])
      expect(() => read(bad, ours.sign(bad))).toThrow(
        expect.objectContaining({ code: 'bad_manifest' }),
      );
  });

  test('from the moment on at which it runs out, and not before', () => {
    const end = Date.parse(MANIFEST.expires);
    expect(readSigned(MANIFEST, end - 1)).toEqual(MANIFEST);
    expect(() => readSigned(MANIFEST, end)).toThrow(
      `cannot use the feed ${WHERE}: its manifest ran out on ${MANIFEST.expires}, and this machine says it is ${MANIFEST.expires}`,
    );
  });
});

test.each([['linux-arm64'], ['toString'], ['__proto__']])('there is nothing for %s', (platform) => {
  expect(artifactFor(readSigned(MANIFEST), 'linux-x64')).toEqual(ARTIFACT);
  expect(() => artifactFor(readSigned(MANIFEST), platform)).toThrow(
    expect.objectContaining({ code: 'no_artifact' }),
  );
});

test.each([
  '',
  'AAAA',
  `${ours.public}=`,
  ours.public.slice(0, -1),
  ours.public.replace(/=$/, ' '),
  ` ${ours.public}`,
])('%j is no public key', (text) => {
  expect(keyProblem(ours.public)).toBeNull();
  expect(keyProblem(text)).toMatch(/^it must be /);
});
