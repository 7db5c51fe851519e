/** A folder is asked for where there is a file. */
const NO_FOLDER = 'a part of its path is no folder';

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: NO_FOLDER,
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'there is no more room for you on this disk',
  EACCES: 'it is not yours to write there',
  EPERM: 'it is not yours to write there',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** Why a file could not be written: in words, where the system's code has some. */
export function whyUnwritten(error: unknown): string {
  const { code = '', syscall, message } = error as Error & { code?: string; syscall?: string };
  // What is there in place of a folder that was to be made.
  if (code === 'EEXIST' && syscall === 'mkdir') return NO_FOLDER;
  return WORDS[code] ?? message;
}
