import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { HephError } from '#core/errors.ts';
import { whyUnwritten } from '#core/unwritten.ts';
import { problemsOfFile } from '#store/check.ts';
import { openForeign } from '#store/open.ts';
import { sqliteCode } from '#store/problems.ts';
import type { Database } from '#store/sqlite.ts';

/** Pages copied at a time; between two of these the daemon answers others. */
const PAGES = 256;

export interface BackupOptions {
  /** Told how far it is, in pages. @throws to end it. */
  onProgress?: (done: number, total: number) => void;
  /** Copies when nobody is in the middle of a change on the same connection; at once where that cannot be. */
  inTurn?: (copy: () => Promise<unknown>) => Promise<unknown>;
  /** What is wrong with the copy, once it is there. */
  check: (path: string) => Promise<string[]>;
}

/**
 * Copy an open store into a file of its own, through SQLite's own interface. The
 * file appears whole, checked and on the disk, or not at all.
 * @returns its size in bytes.
 * @throws {HephError} `bad_backup`: a file is there already, it cannot be written,
 * or the copy is damaged.
 */
export async function backUp(db: Database, path: string, options: BackupOptions): Promise<number> {
  // Nobody else's file has this name, whatever lies beside.
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    refuseThere(path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(part, 'wx', 0o600));
    try {
      return await copied(db, path, part, options);
    } finally {
      removeStore(part);
    }
  } catch (error) {
    throw explained(path, error);
  }
}

function refuseThere(path: string): void {
  if (!existsSync(path)) return;
  throw cannot(path, statSync(path).isDirectory() ? 'it is a folder; name a file in it' : IS_THERE);
}

/** Fill a part, which is there, and give it its name. */
async function copied(
  db: Database,
  path: string,
  part: string,
  { onProgress, inTurn = (copy) => copy(), check }: BackupOptions,
): Promise<number> {
  const progress = ({ totalPages = 0, remainingPages = 0 }) => {
    onProgress?.(totalPages - remainingPages, totalPages);
    return PAGES;
  };
  await inTurn(() => db.backup(part, { progress }));
  asOneFile(part);
  const [problem] = await check(part);
  if (problem !== undefined) throw cannot(path, `the copy is damaged: ${problem}`);
  sync(part);
  name(part, path);
  sync(dirname(path));
  return statSync(path).size;
}

/** The same of a store that nobody has open, checked. @throws {StoreError} it is none, or newer than this heph. */
export async function backUpClosed(store: string, path: string): Promise<number> {
  const db = openForeign(store);
  try {
    return await backUp(db, path, { check: async (copy) => problemsOfFile(copy) });
  } finally {
    db.close();
  }
}

/** Remove a file that is a store, if it is there, and what SQLite keeps beside it: it would be taken for a later one's. */
export function removeStore(path: string): void {
  for (const end of ['-journal', '-wal', '-shm', '']) rmSync(path + end, { force: true });
}

/**
 * Remove what backups left in a folder that were cut short. None may be under way.
 * @param of only parts of files whose names begin so.
 */
export function removeParts(folder: string, of = ''): void {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) {
    const isPart = /\.[0-9a-f]{12}\.part(?:-journal|-wal|-shm)?$/.test(file);
    if (isPart && file.startsWith(of)) rmSync(`${folder}/${file}`);
  }
}

/** A copy says that it is used with a write-ahead log; a file that is only kept needs none. */
function asOneFile(path: string): void {
  const copy = new SqliteDatabase(path) as Database;
  copy.pragma('journal_mode = DELETE');
  copy.close();
}

/** Have what was written on the disk: a file, or the names in a folder. */
export function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Give a file its name, in place of none. */
function name(part: string, path: string): void {
  try {
    // A link, unlike a rename, replaces nothing.
    linkSync(part, path);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    // An empty file of our own is what the rename replaces.
    closeSync(openSync(path, 'wx', 0o600));
    renameSync(part, path);
  }
}

/** The file system knows no second name of a file, as on many USB sticks; or it is another one. */
export function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes(errnoOf(error) ?? '');
}

const IS_THERE = 'a file is there already';

/** Why it cannot be written; what is no matter of the file stays as it is. */
function explained(path: string, error: unknown): unknown {
  const code = sqliteCode(error) ?? errnoOf(error);
  if (code === null || error instanceof HephError) return error;
  if (code === 'SQLITE_FULL') return cannot(path, 'the disk is full', error);
  if (sqliteCode(error) !== null) return error;
  const isNamed = code === 'EEXIST' && (error as NodeJS.ErrnoException).syscall !== 'mkdir';
  return cannot(path, isNamed ? IS_THERE : whyUnwritten(error), error);
}

function errnoOf(error: unknown): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined ? code : null;
}

function cannot(path: string, why: string, cause?: unknown): HephError {
  return new HephError({ code: 'bad_backup', path, why }, { cause });
}
