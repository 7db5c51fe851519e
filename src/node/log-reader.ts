import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import type { Invocation, LogReader } from '#cli/command.ts';

type Files = Parameters<Invocation['openLog']>[0];

/** A file held open: its inode is nobody else's meanwhile, so that it can be told from others. */
interface Held {
  fd: number;
  stat: Stats;
}

/** The log and its archives, newest first; null where there is no file. */
type Sight = [log: Held | null, newest: Held | null, older: Held | null];

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** Between two looks at a rotation that is going on. */
const WAIT_MS = 20;

export function openLog(files: Files): LogReader {
  return new FileLogReader(files);
}

/**
 * Reads a log that is rotated by copying and truncating.
 *
 * A rotation shows as an archive that was not there before; byte N of the log is
 * then byte N of the archive, so reading goes on there, and after it at the log's
 * start. Up to two rotations between two looks are followed; of more, lines are
 * gone from the disk as well. An archive that is shorter than what was read is
 * only the end of a log that had grown far too large: all of it is read, so that
 * lines come twice rather than never. A log that shrinks with no new archive was emptied
 * by hand or cut for want of space: it is read from its start.
 */
class FileLogReader implements LogReader {
  readonly #files: Files;
  #sight: Sight = [null, null, null];
  #at = 0;
  /** The beginning of a line whose end is not written yet. */
  #begun: Buffer = Buffer.alloc(0);

  constructor(files: Files) {
    this.#files = files;
  }

  async last(count: number, wholeOnly: boolean): Promise<string[] | null> {
    const { sight, read } = await this.#settled((seen) => readBack(seen, count));
    this.#hold(sight, sight[0]?.stat.size ?? 0);
    if (sight.every((held) => held === null)) return null;
    const lines = this.#linesOf(read);
    if (this.#begun.length > 0 && !wholeOnly) lines.push(this.#begun.toString());
    return lines.slice(Math.max(0, lines.length - count));
  }

  async more(): Promise<string[]> {
    const { sight, read } = await this.#settled((seen) => this.#readOn(seen));
    if (read.log !== sight[0]) close([sight[0]]);
    this.#hold([read.log, sight[1], sight[2]], read.end);
    return this.#linesOf(read.bytes);
  }

  /** What comes after all that was read, and where reading goes on. */
  #readOn([log, ...archives]: Sight): { bytes: Buffer; log: Held | null; end: number } {
    const [held, ...known] = this.#sight;
    const isFresh = (archive: Held) => !known.some((old) => isSame(old, archive));
    const fresh = archives.filter((archive) => archive !== null).filter(isFresh);
    const [first, ...rest] = [...fresh.toReversed(), ...(fresh.length > 0 ? [] : [held])];
    const begun = readAll(first, this.#at);
    // A log that was removed may still be written by whoever holds it.
    const goesOn = fresh.length === 0 && held !== null && (log === null || isSame(held, log));
    if (goesOn) return { bytes: begun.bytes, log: held, end: begun.end };
    const last = readAll(log, 0);
    const bytes = [begun, ...rest.map((archive) => readAll(archive, 0)), last];
    return { bytes: Buffer.concat(bytes.map((part) => part.bytes)), log, end: last.end };
  }

  /** Read what belongs together: with no rotation going on before, and none begun after. */
  async #settled<T>(read: (seen: Sight) => T): Promise<{ sight: Sight; read: T }> {
    for (;;) {
      if (!this.#isRotating()) {
        const sight = look(this.#files);
        const result = read(sight);
        if (!this.#isRotating() && this.#isStill(sight)) return { sight, read: result };
        close(sight);
      }
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }

  #isRotating(): boolean {
    const claim = statOf(this.#files.claim);
    return claim !== null && Math.abs(Date.now() - claim.mtimeMs) <= this.#files.claimMs;
  }

  #isStill([, ...archives]: Sight): boolean {
    return archives.every((held, i) => {
      const there = statOf(this.#files.archives[i] ?? '');
      if (held === null) return there?.isFile() !== true;
      return there !== null && isSame(held, { stat: there });
    });
  }

  #hold(sight: Sight, at: number): void {
    close(this.#sight.filter((held) => !sight.includes(held)));
    this.#sight = sight;
    this.#at = at;
  }

  #linesOf(bytes: Buffer): string[] {
    const all = Buffer.concat([this.#begun, bytes]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    this.#begun = all.subarray(end);
    return end === 0 ? [] : all.toString('utf8', 0, end - 1).split('\n');
  }
}

function look({ log, archives }: Files): Sight {
  const held = hold(log);
  if (held?.stat.isFile() === false) {
    closeSync(held.fd);
    throw new Error('it is not a plain file');
  }
  const [newest, older] = archives.map((path) => {
    const archive = hold(path);
    if (archive?.stat.isFile() !== false) return archive;
    closeSync(archive.fd);
    return null;
  });
  return [held, newest ?? null, older ?? null];
}

/** Without waiting for whoever writes, if it is a pipe. */
function hold(path: string): Held | null {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { fd, stat: fstatSync(fd) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

function close(held: readonly (Held | null)[]): void {
  for (const each of held) if (each !== null) closeSync(each.fd);
}

/** At least the last lines, if there are so many, from the log and as many archives as it takes. */
function readBack(sight: Sight, count: number): Buffer {
  const parts: Buffer[] = [];
  let newlines = 0;
  for (const held of sight.filter((each) => each !== null)) {
    for (let at = held.stat.size; at > 0 && newlines <= count;) {
      const from = Math.max(0, at - CHUNK_BYTES);
      const chunk = Buffer.alloc(at - from);
      const part = chunk.subarray(0, readSync(held.fd, chunk, 0, chunk.length, from));
      for (const byte of part) if (byte === NEWLINE) newlines++;
      parts.unshift(part);
      at = from;
    }
  }
  return Buffer.concat(parts);
}

/** From there to the end; from the start, if it has become shorter. */
function readAll(held: Held | null | undefined, from: number): { bytes: Buffer; end: number } {
  if (!held) return { bytes: Buffer.alloc(0), end: 0 };
  const parts: Buffer[] = [];
  for (let at = fstatSync(held.fd).size < from ? 0 : from; ;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSync(held.fd, chunk, 0, chunk.length, at);
    if (length === 0) return { bytes: Buffer.concat(parts), end: at };
    parts.push(chunk.subarray(0, length));
    at += length;
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function isSame(one: { stat: Stats } | null | undefined, other: { stat: Stats }): boolean {
  return one?.stat.ino === other.stat.ino && one.stat.dev === other.stat.dev;
}
