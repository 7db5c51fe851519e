import * as z from 'zod';
import { UpdateError } from '#update/problem.ts';
import { isSigned } from '#update/signature.ts';
import { VERSION_FORM } from '#update/version.ts';

/** The most bytes of an archive that anybody is asked to download. */
const ARTIFACT_BYTES_MAX = 512 * 1024 * 1024;

const ARTIFACT = z.object({
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/),
  size: z.number().int().positive().max(ARTIFACT_BYTES_MAX),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
});

const MANIFEST = z.object({
  version: z.string().regex(VERSION_FORM),
  released: z.iso.datetime(),
  expires: z.iso.datetime(),
  artifacts: z.record(z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/), ARTIFACT),
});

export type Artifact = z.infer<typeof ARTIFACT>;
/** What a feed offers. Fields may be added by later versions; those that we do not know are passed over. */
export type Manifest = z.infer<typeof MANIFEST>;

export interface Trust {
  /** Base64 of raw Ed25519 public keys, any of which will do. */
  keys: readonly string[];
  nowMs: number;
}

/**
 * A manifest that may be believed. Nothing of it is looked at before its
 * signature is.
 * @param where the feed's address, for messages.
 * @throws {UpdateError} `bad_signature`, `bad_manifest`.
 */
export function readManifest(
  bytes: Uint8Array,
  signature: string,
  where: string,
  { keys, nowMs }: Trust,
): Manifest {
  if (keys.length === 0)
    throw new UpdateError(
      'bad_signature',
      `cannot use the feed ${where}: this heph knows no key to check it with; set update.keys`,
    );
  if (!isSigned(bytes, signature, keys))
    throw new UpdateError(
      'bad_signature',
      `cannot use the feed ${where}: its manifest is not signed with a key that this heph knows`,
    );
  const manifest = parseManifest(bytes, where);
  if (Date.parse(manifest.expires) <= nowMs)
    throw new UpdateError(
      'bad_manifest',
      `cannot use the feed ${where}: its manifest ran out on ${manifest.expires}, and this machine says it is ${new Date(nowMs).toISOString()}`,
    );
  return manifest;
}

/** @throws {UpdateError} `bad_manifest`. */
export function parseManifest(bytes: Uint8Array, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw unusable(where, 'it is not JSON', error);
  }
  const parsed = MANIFEST.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unusable(where, `${issue?.path.join('.')}: ${issue?.message}`, parsed.error);
}

/** What there is for a machine. @throws {UpdateError} `no_artifact`. */
export function artifactFor(manifest: Manifest, platform: string): Artifact {
  const artifact = Object.hasOwn(manifest.artifacts, platform)
    ? manifest.artifacts[platform]
    : undefined;
  if (artifact) return artifact;
  throw new UpdateError(
    'no_artifact',
    `cannot update to ${manifest.version}: the feed has nothing for ${platform}`,
  );
}

function unusable(where: string, why: string, cause: unknown): UpdateError {
  return new UpdateError('bad_manifest', `cannot use the manifest of ${where}: ${why}`, { cause });
}
