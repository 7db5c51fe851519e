import { createHash } from 'node:crypto';
import { addAbortListener } from 'node:events';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { feedProblem, harmless, placeProblem } from '#update/address.ts';
import { UpdateError, type UpdateProblem } from '#update/problem.ts';

export interface FeedLimits {
  /** The most of `manifest.json`, and of its signatures. */
  manifestBytes: number;
  artifactBytes: number;
  /** How long no byte may come. */
  stallMs: number;
  /** For `manifest.json` and its signatures together. */
  manifestMs: number;
  artifactMs: number;
}

const FEED_LIMITS: FeedLimits = {
  manifestBytes: 256 * 1024,
  artifactBytes: 512 * 1024 * 1024,
  stallMs: 30_000,
  manifestMs: 30_000,
  artifactMs: 30 * 60_000,
};

/** Where versions come from. Nothing that is read here is believed: see who has signed it. */
export interface Feed {
  /**
   * The exact bytes of `manifest.json`, and the text of `manifest.json.sig`.
   * @throws {UpdateError} `unreachable`, or `bad_manifest`: it is too large.
   */
  manifest(): Promise<{ bytes: Uint8Array; signature: string }>;
  /**
   * Write a file of the feed to `to`, which must not be there yet: mode 0600, on
   * the disk when this is done, and gone again when it fails.
   * @param size in bytes; no more are written, and fewer are refused.
   * @returns the hash in hex of what really came.
   * @throws {UpdateError} `unreachable`, `bad_manifest`: `file` is no plain name,
   * `bad_artifact`: it has another size, or `no_room`: `to` cannot be written.
   */
  artifact(file: string, size: number, to: string): Promise<{ sha512: string }>;
}

const MAX_REDIRECTS = 5;
const CHUNK_BYTES = 64 * 1024;
const REQUEST: RequestInit = {
  redirect: 'manual',
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
  headers: { 'accept-encoding': 'identity' },
};

/**
 * @param options.signal aborted, it ends what is under way, which throws its reason.
 * @throws {UpdateError} `bad_feed`: see {@link feedProblem}.
 */
export function openFeed(
  address: string,
  options: { signal?: AbortSignal; limits?: Partial<FeedLimits> } = {},
): Feed {
  const problem = feedProblem(address);
  if (problem !== null)
    throw new UpdateError('bad_feed', `cannot use the feed ${harmless(address)}: ${problem}`);
  const limits = { ...FEED_LIMITS, ...options.limits };
  const base = new URL(address).href.replace(/\/?$/, '/');
  const urlOf = (file: string) => new URL(base + encodeURIComponent(file));
  const begin = (totalMs: number) => new Visit(totalMs, limits.stallMs, options.signal);
  return {
    async manifest() {
      await using visit = begin(limits.manifestMs);
      const wanted: Wanted = { code: 'bad_manifest', least: 0, most: limits.manifestBytes };
      const whole = async (file: string) =>
        Buffer.concat(await Array.fromAsync(read(urlOf(file), wanted, visit)));
      const bytes = await whole('manifest.json');
      return { bytes, signature: (await whole('manifest.json.sig')).toString() };
    },
    async artifact(file, size, to) {
      refuseName(file);
      refuseSize(urlOf(file), size, limits.artifactBytes);
      await using visit = begin(limits.artifactMs);
      const wanted: Wanted = { code: 'bad_artifact', least: size, most: size };
      return { sha512: await save(read(urlOf(file), wanted, visit), to) };
    },
  };
}

function refuseName(file: string): void {
  const isPlain = /^[^.\p{Cc}/\\%][^\p{Cc}/\\%]*$/u.test(file) && file.isWellFormed();
  if (isPlain && Buffer.byteLength(file) <= 255) return;
  const shown = JSON.stringify(file.slice(0, 100)).replaceAll(/\p{Cc}/gu, '?');
  throw new UpdateError('bad_manifest', `cannot take ${shown} from the feed: it is no plain name`);
}

function refuseSize({ href }: URL, size: number, most: number): void {
  if (size >= 0 && size <= most) return;
  const why = `the manifest says ${size} bytes, and ${most} is the most`;
  throw new UpdateError('bad_artifact', `cannot use ${href}: ${why}`);
}

/** The time that there is for a feed. When it is over, what is still open is closed. */
class Visit extends AsyncDisposableStack {
  readonly #over = new AbortController();
  readonly #stallMs: number;
  readonly #stop: AbortSignal | undefined;

  /** @throws the reason of `stop`. */
  constructor(totalMs: number, stallMs: number, stop?: AbortSignal) {
    super();
    stop?.throwIfAborted();
    this.#stallMs = stallMs;
    this.#stop = stop;
    this.defer(() => this.#over.abort());
    this.adopt(this.#endAfter(totalMs, 'it took longer than'), clearTimeout);
    if (stop !== undefined) this.use(addAbortListener(stop, () => this.#over.abort()));
  }

  /** Wait for what comes next. @throws {UpdateError} `unreachable`: it failed, or took too long. */
  async next<T>(name: string, coming: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#over;
    const stalled = this.#endAfter(this.#stallMs, 'nothing came for');
    try {
      signal.throwIfAborted();
      return await coming(signal);
    } catch (error) {
      this.#stop?.throwIfAborted();
      throw unreachable(name, whyOf(signal.aborted ? signal.reason : error), error);
    } finally {
      clearTimeout(stalled);
    }
  }

  #endAfter(ms: number, why: string): NodeJS.Timeout {
    return setTimeout(() => this.#over.abort(new Error(`${why} ${ms / 1000} s`)), ms);
  }
}

/** How many bytes must come, and what is wrong when they do not. */
interface Wanted {
  code: UpdateProblem;
  least: number;
  most: number;
}

/** Chunk by chunk, and never more than wanted. */
async function* read(url: URL, { code, least, most }: Wanted, visit: Visit) {
  const source = url.protocol === 'file:' ? openFile(url, visit) : ask(url, url, visit);
  const { name, bytes, chunks } = await source;
  const wrong = (has: string) => {
    const why = `it has ${has} bytes, and should have ${least === most ? '' : 'at most '}${most}`;
    return new UpdateError(code, `cannot use ${name}: ${why}`);
  };
  if (bytes !== null && (bytes < least || bytes > most)) throw wrong(`${bytes}`);
  let came = 0;
  for (;;) {
    const { done, value } = await visit.next(name, () => chunks.next());
    if (done === true) break;
    came += value.length;
    if (came > most) throw wrong(`more than ${most}`);
    yield value;
  }
  if (came < least) throw wrong(`${came}`);
}

/** @returns the hash in hex of what is in the file now. */
async function save(chunks: AsyncIterable<Uint8Array>, to: string): Promise<string> {
  const target = await onDisk(to, open(to, 'wx', 0o600));
  try {
    const hash = createHash('sha512');
    for await (const chunk of chunks) {
      hash.update(chunk);
      await onDisk(to, target.appendFile(chunk));
    }
    await onDisk(to, target.sync());
    await onDisk(to, target.close());
    return hash.digest('hex');
  } catch (error) {
    await target.close().catch(() => undefined);
    await rm(to, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function onDisk<T>(path: string, done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (cause) {
    throw new UpdateError('no_room', `cannot write ${path}: ${whyOf(cause)}`, { cause });
  }
}

/** A file of the feed, as it begins to come. */
interface Source {
  name: string;
  /** What is said of its size, if anything. */
  bytes: number | null;
  chunks: AsyncIterator<Uint8Array>;
}

async function openFile(url: URL, visit: Visit): Promise<Source> {
  const name = url.href;
  // Or opening a pipe waits for somebody who writes.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const file = visit.use(await visit.next(name, () => open(fileURLToPath(url), flags)));
  const stat = await visit.next(name, () => file.stat());
  if (!stat.isFile()) throw unreachable(name, 'it is not a plain file');
  return { name, bytes: stat.size, chunks: chunksOf(file) };
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** @param at where it is by now, after redirects. */
async function ask(url: URL, at: URL, visit: Visit, hops = 0): Promise<Source> {
  const name = at === url ? url.href : `${url.href} by way of ${placeOf(at)}`;
  const response = await visit.next(name, (signal) => fetch(at, { ...REQUEST, signal }));
  const { status, headers, body } = response;
  if ([301, 302, 303, 307, 308].includes(status)) {
    if (hops === MAX_REDIRECTS) throw unreachable(name, `it leads on more than ${hops} times`);
    return ask(url, nextPlace(name, at, headers.get('location')), visit, hops + 1);
  }
  if (status !== 200) throw unreachable(name, `it answers ${status}`);
  // It would be unpacked on the way here.
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity')
    throw unreachable(name, 'it comes compressed');
  const length = headers.get('content-length');
  const chunks = (body ?? new Blob([]).stream())[Symbol.asyncIterator]();
  return { name, bytes: length === null ? null : Number(length), chunks };
}

/** Other than a feed's address it may have a query: some stores sign their links so. */
function nextPlace(name: string, from: URL, location: string | null): URL {
  const to = URL.parse(location ?? '//', from.href);
  if (to === null) throw unreachable(name, 'it leads nowhere');
  const staysSafe = to.protocol === 'https:' || to.protocol === from.protocol;
  const problem = staysSafe ? placeProblem(to) : 'it must be https://…';
  if (problem === null) return to;
  throw unreachable(name, `it leads to ${placeOf(to)}: ${problem}`);
}

function placeOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

function unreachable(name: string, why: string, cause?: unknown): UpdateError {
  return new UpdateError('unreachable', `cannot read ${name}: ${why}`, { cause });
}

/** What is at the bottom of an error, without the system call and its path. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return whyOf(error.cause);
  const { message, code = error.name } = error as NodeJS.ErrnoException;
  const said = message.replace(/^(E[A-Z0-9]+: [^,]+), .*$/s, '$1').replaceAll(/\s+/g, ' ');
  return said.trim() === '' ? code : said.trim();
}
