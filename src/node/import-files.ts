import { FileError } from '#cli/fail.ts';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FolderFiles } from '#cli/import/reader.ts';
import { decoded, readText, whyUnread } from '#node/text.ts';

/**
 * All text of a file, as {@link readText}, without the mark at the start that some programs write.
 * @throws {FileError} in words that begin with "cannot".
 */
export function readImport(path: string): string {
  return unmarked(readText(path));
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
  const found: FolderFiles = { name: '', files: [], others: [], problems: [] };
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
        found.problems.push({ place: inner, why: `cannot read this: ${whyUnread(error)}` });
      }
    }
  };
  try {
    found.name = basename(await realpath(folder));
    await visit('');
  } catch (error) {
    throw new FileError(`cannot read the folder ${folder}: ${whyUnread(error)}`, { cause: error });
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
  return { text: unmarked(decoded(await readFile(path))), mtimeMs };
}

function unmarked(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
