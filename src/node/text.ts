import { readFileSync } from 'node:fs';
import { FileError } from '#cli/fail.ts';

/**
 * All text of a file; of standard input for `-`.
 * @throws {FileError} in words that begin with "cannot".
 */
export function readText(path: string): string {
  const name = path === '-' ? 'standard input' : path;
  try {
    return decoded(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    throw new FileError(`cannot read ${name}: ${whyUnread(error)}`, { cause: error });
  }
}

/** Every character of it: a mark at the start is one. @throws it is not UTF-8 text. */
export function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8 text', { cause: error });
  }
}

/** Why a file or a folder could not be read, in words. */
export function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'it is no folder',
    EISDIR: 'it is a folder',
    EACCES: 'it is not yours to read',
  };
  return words[code ?? ''] ?? message;
}
