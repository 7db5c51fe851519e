import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '#cli/fail.ts';

type Texts = AsyncIterable<string>;
type Files = AsyncIterable<{ path: string; text: string }>;

/**
 * Write a new file, whole or not at all, for nobody else to read.
 * @throws {FileError} a file is there already, or it cannot be written.
 */
export async function writeNewFile(path: string, texts: Texts): Promise<void> {
  const part = `${path}.part`;
  if (await isThere(path)) throw cannot(path, 'it is there already; name another or move it away');
  await whole(path, part, async () => {
    await fill(part, texts);
    // Fails where another has made it meanwhile.
    await copyFile(part, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await rm(part);
  });
}

/**
 * Write a new folder of files, whole or not at all. An empty one that is there is filled.
 * @throws as {@link writeNewFile}.
 */
export async function writeNewFolder(path: string, files: Files): Promise<void> {
  const part = `${path}.part`;
  const there = await readdir(path).catch(() => null);
  if (there === null ? await isThere(path) : there.length > 0) {
    throw cannot(path, 'it is there already and is no empty folder; name another');
  }
  await whole(path, part, async () => {
    await mkdir(part, { mode: 0o700 });
    for await (const file of files) {
      const to = `${part}/${file.path}`;
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await fill(to, [file.text]);
    }
    await rename(part, path);
  });
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

/** Whatever goes wrong, nothing is left of it. */
async function whole(path: string, part: string, write: () => Promise<void>): Promise<void> {
  await rm(part, { recursive: true, force: true });
  try {
    await write();
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    const isOfFiles = typeof (error as NodeJS.ErrnoException).code === 'string';
    throw isOfFiles ? cannot(path, (error as Error).message) : error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function cannot(path: string, why: string): FileError {
  return new FileError(`cannot write ${path}: ${why}`);
}
