import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { HephError } from '#core/errors.ts';
import type { Database } from '#store/sqlite.ts';

/** Pages copied at a time; between two of these the daemon answers others. */
const PAGES = 256;

export interface BackupOptions {
  /** Told how far it is, in pages. @throws to end it. */
  onProgress?: (done: number, total: number) => void;
  /** What is wrong with the copy, once it is there. */
  check: (path: string) => Promise<string[]>;
}

/**
 * Copy an open store into a file of its own, through SQLite's own interface. The
 * file appears whole, checked and on the disk, or not at all.
 * @returns its size in bytes.
 * @throws {HephError} `bad_backup`: a file is there already, or the copy is damaged.
 */
export async function backUp(
  db: Database,
  path: string,
  { onProgress, check }: BackupOptions,
): Promise<number> {
  if (existsSync(path)) throw cannot(path, 'a file is there already');
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', 0o600));
    await db.backup(part, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.(totalPages - remainingPages, totalPages);
        return PAGES;
      },
    });
    asOneFile(part);
    const [problem] = await check(part);
    if (problem !== undefined) throw cannot(path, `the copy is damaged: ${problem}`);
    sync(part);
    // A link, unlike a rename, replaces nothing.
    linkSync(part, path);
    sync(dirname(path));
    return statSync(path).size;
  } finally {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(part + end, { force: true });
  }
}

/** A copy says that it is used with a write-ahead log; a file that is only kept needs none. */
export function asOneFile(path: string): void {
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

function cannot(path: string, why: string): HephError {
  return new HephError({ code: 'bad_backup', path, why });
}
