import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseManifest, type Artifact, type Manifest } from '#update/manifest.ts';
import { compareVersions, VERSION_FORM } from '#update/version.ts';

export interface Release {
  /** A folder that a web server, or nothing at all, makes public. */
  feed: string;
  version: string;
  /** `heph-<version>-<os>-<arch>.tar.gz`, one or more. */
  archives: readonly string[];
  /** PEM files of Ed25519 private keys; each signs. */
  keys: readonly string[];
  nowMs: number;
  /** How long clients may believe the manifest. */
  days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Add archives to a feed and sign it anew. What clients see in between is the
 * old feed or the new one: archives come first, and while the manifest is
 * replaced its signatures are those of both.
 * @returns the manifest as it is now.
 * @throws for a version older than the feed's, or one that was released with other bytes.
 */
export async function release({
  feed,
  version,
  archives,
  keys,
  nowMs,
  days,
}: Release): Promise<Manifest> {
  if (!VERSION_FORM.test(version))
    throw new Error(`cannot release ${version}: a version is three numbers, such as 1.2.0`);
  if (archives.length === 0)
    throw new Error(
      `cannot release ${version}: there is no archive of it; run npm run package first`,
    );
  const privateKeys = await Promise.all(keys.map(readPrivateKey));
  await mkdir(feed, { recursive: true });
  const before = await manifestOf(feed);
  if (before !== null && compareVersions(before.version, version) > 0)
    throw new Error(`cannot release ${version}: ${feed} already has ${before.version}`);
  const released = before?.version === version ? before : null;
  const artifacts: Record<string, Artifact> = { ...released?.artifacts };
  for (const archive of archives) {
    const [platform, artifact] = await describe(archive, version);
    const old = artifacts[platform];
    if (old !== undefined && old.sha512 !== artifact.sha512)
      throw new Error(
        `cannot release ${basename(archive)}: ${version} was released with other bytes; give it another version`,
      );
    artifacts[platform] = artifact;
  }
  for (const archive of archives) await place(archive, `${feed}/${basename(archive)}`);
  const manifest: Manifest = {
    version,
    released: released?.released ?? new Date(nowMs).toISOString(),
    expires: new Date(nowMs + days * DAY_MS).toISOString(),
    artifacts: Object.fromEntries(
      Object.entries(artifacts).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const signatures = privateKeys.map((key) =>
    sign(null, Buffer.from(text), key).toString('base64'),
  );
  const old = await readFile(`${feed}/manifest.json.sig`, 'utf8').catch(() => '');
  await write(`${feed}/manifest.json.sig`, `${signatures.join('\n')}\n${old}`);
  await write(`${feed}/manifest.json`, text);
  await write(`${feed}/manifest.json.sig`, `${signatures.join('\n')}\n`);
  return manifest;
}

/** Make a key, for its owner alone. @returns base64 of its raw public half. @throws when there is a file. */
export async function newKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(file, pem, { flag: 'wx', mode: 0o600 });
  return publicHalf(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '');
}

function publicHalf(x: string): string {
  return Buffer.from(x, 'base64url').toString('base64');
}

async function readPrivateKey(file: string) {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    throw new Error(
      `cannot sign with ${file}: others can read it; chmod 600 it, or make a new one`,
    );
  const key = privateKeyIn(await readFile(file));
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Error(`cannot sign with ${file}: it is not an Ed25519 key; make one with --new-key`);
  return key;
}

function privateKeyIn(pem: Buffer): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

async function manifestOf(feed: string): Promise<Manifest | null> {
  const bytes = await readFile(`${feed}/manifest.json`).catch(() => null);
  return bytes === null ? null : parseManifest(bytes, feed);
}

async function describe(archive: string, version: string): Promise<[string, Artifact]> {
  const file = basename(archive);
  const [, platform] = /^heph-[\d.]+-([a-z0-9]+-[a-z0-9]+)\.tar\.gz$/.exec(file) ?? [];
  if (platform === undefined || !file.startsWith(`heph-${version}-`))
    throw new Error(
      `cannot release ${archive}: it is not named heph-${version}-<os>-<arch>.tar.gz`,
    );
  const bytes = await readFile(archive);
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  return [platform, { file, size: bytes.length, sha512 }];
}

async function place(archive: string, to: string): Promise<void> {
  await copyFile(archive, `${to}.part`);
  await settle(`${to}.part`, to);
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await settle(`${path}.part`, path);
}

/** On the disk under its own name only when it is whole. */
async function settle(part: string, path: string): Promise<void> {
  await sync(part);
  await rename(part, path);
  await sync(dirname(path));
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}
