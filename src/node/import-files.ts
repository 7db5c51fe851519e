import { FileError } from '#cli/fail.ts';
import { readFileSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderFiles } from '#cli/import/reader.ts';

/**
 * All text of a file; of standard input for `-`.
 * @throws {FileError} in words that begin with "cannot".
 */
export function readText(path: string): string {
  const name = path === '-' ? 'standard input' : path;
  try {
    return decoded(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    throw new FileError(`cannot read ${name}: ${why(error)}`, { cause: error });
  }
}

/**
 * The texts in a folder and the folders in it. What begins with a dot is passed
 * over; links are not followed.
 * @param ending of the files to read, such as `.md`; all others are only named.
 * @param bytesMax a longer file is reported and left.
 * @throws {FileError} the folder itself cannot be read, in words that begin with "cannot".
 */
export async function readFolder(
  folder: string,
  ending: string,
  bytesMax: number,
): Promise<FolderFiles> {
  const found: FolderFiles = { files: [], others: [], problems: [] };
  const visit = async (path: string): Promise<void> => {
    for (const entry of await entriesOf(join(folder, path))) {
      if (entry.name.startsWith('.')) continue;
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      try {
        if (entry.isDirectory()) await visit(inner);
        else if (entry.isSymbolicLink()) throw new Error('it is a link');
        else if (!entry.isFile()) throw new Error('it is no plain file');
        else if (!inner.toLowerCase().endsWith(ending)) found.others.push(inner);
        else found.files.push({ path: inner, ...(await readOne(join(folder, inner), bytesMax)) });
      } catch (error) {
        found.problems.push({ place: inner, why: `cannot read this: ${why(error)}` });
      }
    }
  };
  try {
    await visit('');
  } catch (error) {
    throw new FileError(`cannot read the folder ${folder}: ${why(error)}`, { cause: error });
  }
  return found;
}

async function entriesOf(path: string) {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function readOne(path: string, bytesMax: number): Promise<{ text: string; mtimeMs: number }> {
  const { size, mtimeMs } = await lstat(path);
  if (size > bytesMax) throw new Error(`it has ${size} bytes, and ${bytesMax} is the most`);
  return { text: decoded(await readFile(path)), mtimeMs };
}

/** Without the mark at the start that some programs write. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8 text', { cause: error });
  }
}

function why(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'it is no folder',
    EISDIR: 'it is a folder',
    EACCES: 'it is not yours to read',
  };
  return words[code ?? ''] ?? message;
}
