import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { unpack } from '#update/archive.ts';
import type { Feed } from '#update/feed.ts';
import type { Offer } from '#update/offer.ts';
import type { UpdatePlaces } from '#update/places.ts';
import { UpdateError } from '#update/problem.ts';
import { syncFolder } from '#update/whole-file.ts';

export interface StagePorts {
  feed: Feed;
  places: UpdatePlaces;
  /** A copy of the store, as it is now, into a file that is not there yet. */
  copyStore: (to: string) => Promise<void>;
  /** What is wrong with a store, of whatever schema. */
  problemsOf: (store: string) => Promise<string[]>;
  /** Run a program to its end, killed after `limitMs`, or when `signal` is aborted. */
  run: (
    program: string,
    args: readonly string[],
    limitMs: number,
    signal?: AbortSignal,
  ) => Promise<Ran>;
  signal: AbortSignal;
}

/** How a program ended, and what it said. */
interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

const VERSION_MS = 10_000;
/** A store may have to be migrated; it is a copy, and nobody waits for it. */
const SELF_TEST_MS = 120_000;

/**
 * Have a version that was offered beside the one that runs: as whole as its
 * maker signed it, and seen to work on this machine, with a copy of this store.
 * Whatever stops this, nothing that is in use was touched, and the next call
 * clears away what this one left.
 * @returns for how many milliseconds it was seen to work.
 * @throws {UpdateError}
 */
export async function stage(offer: Offer, ports: StagePorts): Promise<number> {
  const { places, signal } = ports;
  const { version } = offer;
  const staging = `${places.versions}/${version}.staging`;
  clear(places, staging);
  try {
    mkdirSync(places.folder, { recursive: true, mode: 0o700 });
    await download(offer, ports);
    await unpack(places.download, staging, {
      name: `heph-${version}-${offer.platform}`,
      signal,
    });
    const startedMs = performance.now();
    await rehearse(version, staging, `cannot update to ${version}`, ports);
    const tookMs = performance.now() - startedMs;
    signal.throwIfAborted();
    const final = `${places.versions}/${version}`;
    // One of that name was given back, or is of a build by hand.
    rmSync(final, { recursive: true, force: true });
    renameSync(staging, final);
    syncFolder(places.versions);
    return tookMs;
  } finally {
    clear(places, staging);
  }
}

async function download({ version, artifact }: Offer, { feed, places }: StagePorts): Promise<void> {
  const { sha512 } = await feed.artifact(artifact.file, artifact.size, places.download);
  if (sha512 !== artifact.sha512)
    throw new UpdateError(
      'bad_artifact',
      `cannot update to ${version}: ${artifact.file} is not what the manifest says: its sha512 is ${sha512}`,
    );
}

/**
 * See a version work that lies in a folder: on a copy of the store, because
 * another version may change it for good, or be unable to read it.
 * @param cannot what the message of the error begins with.
 * @throws {UpdateError} `bad_version`
 */
export async function rehearse(
  version: string,
  folder: string,
  cannot: string,
  { run, places, copyStore, problemsOf, signal }: Omit<StagePorts, 'feed'>,
): Promise<void> {
  const hephd = `${folder}/bin/hephd`;
  const because = (why: string) => new UpdateError('bad_version', `${cannot}: ${why}`);
  const written = existsSync(`${folder}/VERSION`)
    ? readFileSync(`${folder}/VERSION`, 'utf8').trim()
    : 'nothing';
  if (written !== version) throw because(`its files say that it is ${written}`);
  const said = await run(hephd, ['--version'], VERSION_MS, signal);
  if (said.code !== 0 || !said.stdout.startsWith(`hephd ${version} (`))
    throw because(`its hephd does not run here: ${lastLine(said)}`);
  rmSync(places.rehearsal, { recursive: true, force: true });
  mkdirSync(places.rehearsal, { recursive: true, mode: 0o700 });
  try {
    const store = `${places.rehearsal}/heph.db`;
    await copyStore(store);
    const args = ['--self-test', '--db', store, '--socket', places.trialSocket];
    const tested = await run(hephd, args, SELF_TEST_MS, signal);
    if (tested.code !== 0) throw because(`its self-test fails: ${lastLine(tested)}`);
    const [problem] = await problemsOf(store);
    if (problem !== undefined) throw because(`it damages a copy of the store: ${problem}`);
  } finally {
    rmSync(places.rehearsal, { recursive: true, force: true, maxRetries: 3 });
  }
}

function lastLine({ code, stdout, stderr }: Ran): string {
  const line = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  return line === '' ? `exit code ${code}` : JSON.stringify(line.slice(0, 300));
}

function clear(places: UpdatePlaces, staging: string): void {
  for (const left of [places.download, places.rehearsal, staging])
    rmSync(left, { recursive: true, force: true, maxRetries: 3 });
}
