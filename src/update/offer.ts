import type { Feed } from '#update/feed.ts';
import { artifactFor, readManifest, type Artifact, type Trust } from '#update/manifest.ts';
import type { UpdateState } from '#update/state.ts';
import { compareVersions } from '#update/version.ts';

/** A newer version that there is for this machine. */
export interface Offer {
  version: string;
  platform: string;
  artifact: Artifact;
  /** Why it is not taken without somebody asking; null when it may be. */
  byHandOnly: string | null;
}

export interface Asking extends Trust {
  /** The version that runs. */
  running: string;
  /** `linux-x64`. */
  platform: string;
  /** The feed's address, for messages. */
  where: string;
  bad: UpdateState['bad'];
}

/**
 * What a feed offers that is newer than what runs: null when nothing is. An
 * older version is never an offer, whoever has signed it.
 * @throws {UpdateError} the feed cannot be read, or not be believed.
 */
export async function offerOf(feed: Feed, asking: Asking): Promise<Offer | null> {
  const { bytes, signature } = await feed.manifest();
  const manifest = readManifest(bytes, signature, asking.where, asking);
  const { version } = manifest;
  if (compareVersions(version, asking.running) <= 0) return null;
  const { platform } = asking;
  const artifact = artifactFor(manifest, platform);
  return { version, platform, artifact, byHandOnly: whyByHand(version, asking) };
}

function whyByHand(version: string, { running, bad }: Asking): string | null {
  const given = bad.find((each) => each.version === version);
  if (given !== undefined) return `it was given back on ${given.at}: ${given.why}`;
  const isSameMajor = version.split('.')[0] === running.split('.')[0];
  return isSameMajor ? null : 'it is a new major version';
}
