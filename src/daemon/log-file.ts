import {
  chmodSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { logFilesOf, type LogFiles } from '#config/log-files.ts';
import { Claim, isThere, makePrivate } from '#daemon/log-claim.ts';

/** How much is read at a time, and the most that outlives a cut. */
const CHUNK_BYTES = 64 * 1024;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/**
 * Open a log for appending, with mode 0600 whoever made it.
 *
 * Only a plain file under that very name is a log. A link, a pipe, a device or
 * a folder is somebody's arrangement: what it leads to is not ours to truncate.
 * @param make make it where there is none; else that is null.
 * @throws it is no plain file, or not to be opened.
 */
export function openLogFile(path: string, make: boolean): number | null {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined && !make) return null;
  if (there?.isFile() === false) throw new Error('it is not a plain file');
  // The last two only matter when it was exchanged a moment ago.
  const flags = O_RDWR | O_APPEND | (make ? O_CREAT : 0) | O_NOFOLLOW | O_NONBLOCK;
  const fd = openSync(path, flags, 0o600);
  makePrivate(fd);
  return fd;
}

/**
 * Rotate the log if `incoming` more bytes would make it larger than `maxBytes`.
 *
 * The service manager holds the same file open for what a crash prints, so it is
 * never renamed: it is copied aside and truncated. Both writers append, so what
 * comes through the manager's descriptor next lands at the start of the short
 * file, with no hole. In order:
 *
 * 1. `.new` is made exclusively: that is the claim. Whoever finds one leaves.
 * 2. `.1` becomes `.2`. With the copy there are never more than three files' worth.
 * 3. The log is copied to `.new`, which is synced, and linked as `.1`.
 * 4. What was appended meanwhile is copied as well, until the size of the log is
 *    what was copied; the log is truncated; the claim goes.
 *
 * What can be lost: what another process, or native code on another thread,
 * appends between the last two system calls of step 4, the one that asks for the
 * size and the one that truncates. No call does both. Killed anywhere, a rotation
 * loses nothing; killed before the truncation, it leaves lines twice.
 *
 * Where the copy cannot be made, the log is cut to its last lines in its place:
 * a bound that gives way on a full disk is none.
 * @returns null, or why it was cut.
 * @throws not even that could be done.
 */
export function boundLog(fd: number, path: string, maxBytes: number, incoming = 0): Error | null {
  const files = logFilesOf(path);
  const isFull = () => {
    const { size } = fstatSync(fd);
    return size > 0 && size + incoming > maxBytes;
  };
  if (!isFull()) return null;
  try {
    using claim = Claim.take(files);
    // Between the two looks, whoever held the claim may have rotated.
    if (claim !== null && isFull()) rotate(fd, claim, files, maxBytes);
    return null;
  } catch (error) {
    cut(fd, maxBytes);
    return error as Error;
  }
}

function rotate(fd: number, claim: Claim, files: LogFiles, maxBytes: number): void {
  const [newest, older] = files.archives;
  if (isThere(newest)) renameSync(newest, older);
  const { size } = fstatSync(fd);
  // A log that nobody bounded before: its end is worth keeping, not all of it twice.
  let copied = size > 2 * maxBytes ? size - maxBytes : 0;
  copied = copyFrom(fd, claim.fd, copied);
  fsyncSync(claim.fd);
  if (!claim.publish(newest)) return;
  while (fstatSync(fd).size > copied) copied = copyFrom(fd, claim.fd, copied);
  if (fstatSync(fd).size === copied) ftruncateSync(fd);
}

/** An older heph, or its manager, may have made them with another mode. @throws they are not ours. */
export function makeArchivesPrivate(path: string): void {
  for (const archive of logFilesOf(path).archives) {
    const there = lstatSync(archive, { throwIfNoEntry: false });
    if (there?.isFile() === true && (there.mode & 0o777) !== 0o600) chmodSync(archive, 0o600);
  }
}

/** Keep the last lines, in place. What is appended meanwhile may be lost. */
function cut(fd: number, maxBytes: number): void {
  const { size } = fstatSync(fd);
  const kept = Buffer.alloc(Math.min(CHUNK_BYTES, size, Math.floor(maxBytes / 2)));
  const length = readSync(fd, kept, 0, kept.length, size - kept.length);
  const end = kept.subarray(0, length);
  ftruncateSync(fd);
  writeAll(fd, end.subarray(end.indexOf(0x0a) + 1));
}

/** Copy from there to the end. @returns where that was. */
function copyFrom(from: number, to: number, at: number): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const length = readSync(from, chunk, 0, chunk.length, at);
    if (length === 0) return at;
    writeAll(to, chunk.subarray(0, length));
    at += length;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(fd, rest));
}
