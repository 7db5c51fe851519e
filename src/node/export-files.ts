import { randomBytes } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '#cli/fail.ts';
import { whyUnwritten } from '#core/unwritten.ts';

type Texts = AsyncIterable<string>;
type Files = AsyncIterable<{ path: string; text: string }>;

/**
 * Write a new file, whole or not at all, for nobody else to read.
 * @throws {FileError} a file is there already, or it cannot be written.
 */
export async function writeNewFile(path: string, texts: Texts): Promise<void> {
  if (await isThere(path)) throw cannot(path, IS_THERE);
  await whole(path, path, async (part) => {
    await fill(part, texts);
    await name(part, path);
  });
}

/**
 * Write a new folder of files, whole or not at all. An empty one that is there is
 * filled, and stays the same folder: somebody may be in it.
 * @throws as {@link writeNewFile}.
 */
export async function writeNewFolder(path: string, files: Files): Promise<void> {
  const there = await readdir(path).catch(() => null);
  const isTaken = there === null ? await isThere(path) : !there.every((entry) => PART.test(entry));
  if (isTaken) throw cannot(path, NOT_EMPTY);
  for (const left of there ?? []) await rm(`${path}/${left}`, { recursive: true });
  await whole(there === null ? path : `${path}/heph`, path, async (part) => {
    await mkdir(part, { mode: 0o700 });
    for await (const file of files) {
      const to = `${part}/${file.path}`;
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await fill(to, [file.text]);
    }
    if (there === null) await rename(part, path);
    else await moveInto(path, part);
  });
}

/** What an export into an empty folder leaves there where it is ended. */
const PART = /^heph\.[0-9a-f]{12}\.part$/;

/** All that is in a part into the folder that it is in; or nothing, where something is there by now. */
async function moveInto(path: string, part: string): Promise<void> {
  if ((await readdir(path)).length > 1) throw cannot(path, NOT_EMPTY);
  const moved: string[] = [];
  try {
    for (const entry of await readdir(part)) {
      await rename(`${part}/${entry}`, `${path}/${entry}`);
      moved.push(entry);
    }
  } catch (error) {
    for (const entry of moved) await rm(`${path}/${entry}`, { recursive: true });
    throw error;
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function fill(path: string, texts: Texts | string[]): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const text of texts) await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whatever goes wrong, nothing is left of it. `write` is given a name beside `place` that is nobody else's. */
async function whole(
  place: string,
  path: string,
  write: (part: string) => Promise<void>,
): Promise<void> {
  const part = `${place.replace(/\/+$/, '')}.${randomBytes(6).toString('hex')}.part`;
  try {
    await write(part);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    throw cannot(path, code === 'EEXIST' ? IS_THERE : whyUnwritten(error));
  } finally {
    // Where nothing could be made, there is nothing to remove: that failure is the one to tell.
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Give a file its name, in place of none. */
async function name(part: string, path: string): Promise<void> {
  try {
    // A link, unlike a rename, replaces nothing.
    await link(part, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A file system that knows no second name of a file: the rename replaces an empty file of ours.
    if (!NO_LINKS.has(code)) throw error;
    await (await open(path, 'wx', 0o600)).close();
    await rename(part, path);
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const IS_THERE = 'it is there already; name another or move it away';

const NOT_EMPTY = 'it is there already and is no empty folder; name another';

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function cannot(path: string, why: string): FileError {
  return new FileError(`cannot write ${path}: ${why}`);
}
