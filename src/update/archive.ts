import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header as TarHeader } from 'tar-stream';
import { UpdateError } from '#update/problem.ts';

const PATH_BYTES = 1024;
const SEGMENT_BYTES = 255;
const BLOCK_BYTES = 512;
/** An archive ends with two blocks of zeros; more may follow. */
const END_BYTES = 2 * BLOCK_BYTES;
/** What there is of an entry besides its content: headers, its name where that is long, padding. */
const ENTRY_BYTES = 4096;
/** What an archive has besides its entries. */
const PADDING_BYTES = 1024 * 1024;

export interface UnpackOptions {
  /** The one folder that the archive must hold, such as heph-1.2.0-linux-x64. */
  name: string;
  /** The most bytes that its files may have together; 1 GiB if nothing is said. */
  maxBytes?: number;
  /** The most files and folders; 10 000 if nothing is said. */
  maxEntries?: number;
  signal?: AbortSignal;
}

/**
 * Unpack a `.tar.gz` of files and folders: all of it, durably and for nobody else
 * to read, or nothing. What is in it is not trusted, and nothing is written
 * outside of `to`.
 * @param to a folder that must not exist yet. It takes what is in the archive's
 * one folder, without that folder's name.
 * @throws {UpdateError} `bad_archive`, `no_room`. What else the file system says is
 * thrown as it is.
 */
export async function unpack(archive: string, to: string, options: UnpackOptions): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    await mkdir(to, { mode: 0o700 });
    try {
      await fill(to, archive, options);
    } catch (error) {
      // Why it failed says more than why its rest cannot be removed.
      await rm(to, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw explained(archive, to, error);
  }
}

async function fill(
  to: string,
  archive: string,
  { name, maxBytes = 1024 ** 3, maxEntries = 10_000, signal }: UnpackOptions,
): Promise<void> {
  const packed = createReadStream(archive);
  const gunzip = createGunzip();
  const meter = new Meter(maxBytes + maxEntries * ENTRY_BYTES + PADDING_BYTES);
  const contents = new Contents(name, maxEntries);
  const writer = new Writer(to, contents, maxBytes);
  const tar = extract();
  let writing: Promise<void> = Promise.resolve();
  tar.on('entry', (header, body, proceed) => {
    // What ends the archive ends its entry too, at a time when nobody may be reading that.
    body.on('error', () => undefined);
    writing = writer.put(header as Header, body as AsyncIterable<Buffer>);
    writing.then(() => proceed(), proceed);
  });
  try {
    await pipeline(packed, gunzip, (chunks) => meter.measure(chunks), tar, { signal });
  } finally {
    await Promise.allSettled([writing]);
  }
  await writing;
  // Whatever follows zlib's end and begins with a zero is passed over without a word.
  if (gunzip.bytesWritten !== packed.bytesRead) throw new Refusal('something follows its end');
  contents.checkEnd(meter);
  await writer.settle(signal);
}

/** Sees all that comes out of the archive, also what is no content of an entry. */
class Meter {
  readonly #maxBytes: number;
  bytes = 0;
  /** After the last byte that is not zero. */
  zerosFrom = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  async *measure(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const last = chunk.findLastIndex((byte) => byte !== 0);
      if (last !== -1) this.zerosFrom = this.bytes + last + 1;
      this.bytes += chunk.length;
      if (this.bytes > this.#maxBytes) throw tooMuch(this.#maxBytes);
      yield chunk;
    }
  }
}

interface Header extends TarHeader {
  /** Where the entry's content begins in the archive. */
  byteOffset: number;
  pax: Readonly<Record<string, string>> | null;
}

/** What is to be made for an entry, by paths below the archive's one folder. */
interface Plan {
  /** An outer one comes before what is in it. */
  folders: string[];
  file: string | null;
}

type Kind = 'file' | 'folder' | 'implied';

/** What was in the archive so far, and whether something else may be in it too. */
class Contents {
  readonly #root: string;
  readonly #maxEntries: number;
  /** A folder is implied by what is in it, until an entry of its own comes. */
  readonly #seen = new Map([['', { path: '', kind: 'implied' as Kind }]]);
  #files = 0;
  /** Of the last entry, in the archive. */
  #endsAt = 0;

  constructor(root: string, maxEntries: number) {
    this.#root = root;
    this.#maxEntries = maxEntries;
  }

  /** @throws {Refusal} */
  add(header: Header): Plan {
    const isFolder = header.type === 'directory';
    const name = isFolder ? header.name.replace(/\/$/, '') : header.name;
    const problem = kindProblem(header) ?? nameProblem(name, this.#root);
    if (problem !== null) throw new Refusal(`${shown(name)} ${problem}`);
    this.#endsAt = header.byteOffset + Math.ceil(header.size / BLOCK_BYTES) * BLOCK_BYTES;
    const path = name.slice(this.#root.length + 1);
    const folders = foldersOf(path).filter((each) => this.#isNew(each, 'implied', name));
    const isNew = this.#isNew(path, isFolder ? 'folder' : 'file', name);
    if (!isFolder) this.#files++;
    else if (isNew) folders.push(path);
    return { folders, file: isFolder ? null : path };
  }

  /** @throws {Refusal} unless there was something, and then the end, and then nothing. */
  checkEnd({ bytes, zerosFrom }: Meter): void {
    if (this.#files === 0) throw new Refusal('no file is in it');
    if (bytes < this.#endsAt + END_BYTES) throw new Refusal('it is cut short');
    if (zerosFrom > this.#endsAt) throw new Refusal('something follows its last entry');
  }

  /** Whether a path was not there. @throws {Refusal} if it was, and cannot be what it is now. */
  #isNew(path: string, kind: Kind, name: string): boolean {
    const key = keyOf(path);
    const there = this.#seen.get(key);
    const isFolder = kind === 'implied' || (kind === 'folder' && there?.kind === 'implied');
    if (there && !(isFolder && there.kind !== 'file' && there.path === path))
      throw new Refusal(`${shown(name)} is where something else is: ${shown(there.path)}`);
    if (!there || kind === 'folder') this.#seen.set(key, { path, kind });
    if (this.#seen.size > this.#maxEntries)
      throw new Refusal(`there are more than ${this.#maxEntries} files and folders in it`);
    return !there;
  }
}

/** Makes files and folders in a folder that was empty, and that nobody else writes to. */
class Writer {
  readonly #to: string;
  readonly #contents: Contents;
  readonly #maxBytes: number;
  readonly #folders: string[] = [];
  #bytes = 0;

  constructor(to: string, contents: Contents, maxBytes: number) {
    this.#to = to;
    this.#contents = contents;
    this.#maxBytes = maxBytes;
  }

  async put(header: Header, body: AsyncIterable<Buffer>): Promise<void> {
    const { folders, file } = this.#contents.add(header);
    for (const folder of folders) {
      await mkdir(`${this.#to}/${folder}`, { mode: 0o700 });
      this.#folders.push(`${this.#to}/${folder}`);
    }
    const mode = (header.mode & 0o100) === 0 ? 0o600 : 0o700;
    if (file !== null) await this.#write(`${this.#to}/${file}`, mode, body);
  }

  /** The names in a folder are on the disk when the folder is. */
  async settle(signal: AbortSignal | undefined): Promise<void> {
    for (const path of [...this.#folders.toReversed(), this.#to, dirname(this.#to)]) {
      signal?.throwIfAborted();
      const folder = await open(path, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    }
    signal?.throwIfAborted();
  }

  async #write(path: string, mode: number, body: AsyncIterable<Buffer>): Promise<void> {
    const file = await open(path, 'wx', mode);
    try {
      for await (const chunk of bytesOf(body)) {
        this.#bytes += chunk.length;
        if (this.#bytes > this.#maxBytes) throw tooMuch(this.#maxBytes);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Whoever stops reading a stream ends it, and so the archive, without a reason; but not these. */
function bytesOf(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) };
}

function kindProblem({ type, size, pax }: Header): string | null {
  if (type !== 'file' && type !== 'directory') return 'is neither a file nor a folder';
  // tar-stream passes null for some, and then waits for bytes for ever.
  if (!Number.isSafeInteger(size)) return 'has a size that is none';
  if (type === 'directory' && size !== 0) return 'is a folder that has bytes';
  const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  return isSparse ? 'is a file with holes' : null;
}

/** Characters that are not seen, that mean something else elsewhere, or that were no UTF-8. */
const ODD = /[\\\uFFFD\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function nameProblem(name: string, root: string): string | null {
  const segments = name.split('/');
  const isLong = segments.some((each) => Buffer.byteLength(each) > SEGMENT_BYTES);
  if (isLong || Buffer.byteLength(name) > PATH_BYTES) return 'has too long a name';
  if (ODD.test(name)) return 'has a character in its name that may mean something else';
  if (segments.some((each) => ['', '.', '..'].includes(each)))
    return 'is not named by a plain path';
  return segments[0] === root ? null : `is not in the folder ${shown(root)}`;
}

/** `a` and `a/b` for `a/b/c`. */
function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, end) => segments.slice(0, end + 1).join('/'));
}

/** The same for any two that may be one path where letter case or the form of accents does not count. */
function keyOf(path: string): string {
  return path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFD');
}

/** A name from the archive, harmless to a terminal. */
function shown(name: string): string {
  const short = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  const code = (char: string) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  return JSON.stringify(short).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, code);
}

/** The archive's own fault, in words that go on from its name. */
class Refusal extends Error {}

function tooMuch(maxBytes: number): Refusal {
  return new Refusal(`it holds more than ${maxBytes} bytes`);
}

function explained(archive: string, to: string, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const why = 'there is no room on its disk; make some';
    return new UpdateError('no_room', `cannot unpack into ${to}: ${why}`, { cause: error });
  }
  // Neither zlib nor tar-stream makes a system call.
  if (syscall !== undefined) return error;
  const why = error instanceof Refusal ? message : `it is damaged: ${message}`;
  return new UpdateError('bad_archive', `cannot unpack ${archive}: ${why}`, { cause: error });
}
