import { expect, test } from 'vitest';
import type { Feed } from '#update/feed.ts';
import { offerOf } from '#update/offer.ts';
import { newSigner } from './signer.ts';

const key = newSigner();
const ARTIFACT = { file: 'heph.tar.gz', size: 10, sha512: 'ab'.repeat(64) };
const ASKING = {
  keys: [key.public],
  nowMs: Date.parse('2026-11-25T12:00:00Z'),
  running: '1.2.0',
  platform: 'linux-x64',
  where: 'https://feed.test/',
  bad: [{ version: '1.3.7', why: 'it cannot be run', at: '2026-11-20T00:00:00.000Z' }],
};

function feedWith(version: string, platform = 'linux-x64'): Feed {
  const bytes = Buffer.from(
    JSON.stringify({
      version,
      released: '2026-11-24T08:00:00Z',
      expires: '2027-11-24T08:00:00Z',
      artifacts: { [platform]: ARTIFACT },
    }),
  );
  return {
    manifest: async () => ({ bytes, signature: key.sign(bytes) }),
    artifact: () => Promise.reject(new Error('nobody asked for it')),
  };
}

test.each([
  ['1.2.1', null],
  ['1.10.0', null],
  ['2.0.0', 'it is a new major version'],
  ['1.3.7', 'it was given back on 2026-11-20T00:00:00.000Z: it cannot be run'],
])('%s is an offer; to be asked for because: %s', async (version, byHandOnly) => {
  expect(await offerOf(feedWith(version), ASKING)).toEqual({
    version,
    platform: 'linux-x64',
    artifact: ARTIFACT,
    byHandOnly,
  });
});

test.each(['1.2.0', '1.1.9', '0.99.0'])('%s is none, to whom 1.2.0 is running', async (version) => {
  expect(await offerOf(feedWith(version), ASKING)).toBeNull();
  // Nor is it looked for what there is of it.
  expect(await offerOf(feedWith(version, 'darwin-x64'), ASKING)).toBeNull();
});

test('what there is for other machines is no offer', async () => {
  await expect(offerOf(feedWith('1.3.0', 'darwin-x64'), ASKING)).rejects.toMatchObject({
    code: 'no_artifact',
  });
});

test('what somebody else has signed is no offer', async () => {
  await expect(
    offerOf(feedWith('1.3.0'), { ...ASKING, keys: [newSigner().public] }),
  ).rejects.toMatchObject({ code: 'bad_signature' });
});
