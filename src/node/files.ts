import { randomBytes } from 'node:crypto';
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  statfs,
} from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { Files, PathEntry, PathStat } from '#service/service.ts';

/** How much of a log is read for its last lines. */
const TAIL_BYTES = 64 * 1024;

/** The real file system. */
export const files: Files = {
  entry: async (path): Promise<PathEntry> => {
    const stat = await lstat(path).catch(absent);
    if (stat === null) return { kind: 'absent' };
    if (!stat.isSymbolicLink() && !stat.isFile()) return { kind: 'other' };
    const isLink = stat.isSymbolicLink();
    // It may have gone since, as a lock does that somebody lets go of.
    const text = await (isLink ? readlink(path) : readFile(path, 'utf8')).catch(absent);
    if (text === null) return { kind: 'absent' };
    if (isLink) return { kind: 'link', to: text };
    return { kind: 'file', text, mode: stat.mode & 0o777, uid: stat.uid };
  },

  stat: async (path): Promise<PathStat | null> => {
    const stat = await lstat(path).catch(absent);
    if (stat === null) return null;
    return { type: typeOf(stat), mode: stat.mode & 0o777, uid: stat.uid, bytes: stat.size };
  },

  resolve: async (path) => realpath(path).catch(absent),

  write: async (path, text, mode) =>
    besides(path, text, mode, async (fresh) => {
      await rename(fresh, path);
      await syncFolder(dirname(path));
    }),

  create: async (path, text, mode) => {
    let isNew = true;
    await besides(path, text, mode, async (fresh) => {
      isNew = await link(fresh, path).then(() => true, isThere);
    });
    return isNew;
  },

  remove: async (path) => rm(path, { force: true }),

  makeFolder: async (path, mode) => {
    await mkdir(path, { recursive: true, mode });
  },

  freeBytes: async (path) => {
    const stat = await statfs(path).catch(absent);
    return stat === null ? null : stat.bavail * stat.bsize;
  },

  tail: async (path, lines) => {
    const file = await open(path, 'r').catch(absent);
    if (file === null) return [];
    try {
      const { size } = await file.stat();
      const length = Math.min(size, TAIL_BYTES);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .slice(-lines)
        .filter((line) => line !== '');
    } finally {
      await file.close();
    }
  },
};

/** Write it under a name beside, durably; whatever `settle` does not move away is removed. */
async function besides(
  path: string,
  text: string,
  mode: number,
  settle: (fresh: string) => Promise<void>,
): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(fresh, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(fresh, mode);
    await settle(fresh);
  } finally {
    await rm(fresh, { force: true });
  }
}

function typeOf(stat: Stats): PathStat['type'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  if (stat.isSocket()) return 'socket';
  return stat.isSymbolicLink() ? 'link' : 'other';
}

/** A rename is only durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
