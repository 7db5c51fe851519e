import { basename } from '#service/text.ts';
import type { PathEntry, UnitFile } from '#service/service.ts';

/** The line by which a unit or plist is known to be heph's. */
export const MARKER =
  "Written by heph: 'heph daemon restart' writes it anew, and what is changed here is lost.";

/**
 * Whose the file under our name is. Ours carries the marker, or runs a program
 * called `hephd`: older versions wrote no marker.
 * @param program the file's command line, null where it cannot be read.
 */
export function ownership(
  entry: PathEntry,
  wanted: string,
  program: (text: string) => string[] | null,
): UnitFile {
  switch (entry.kind) {
    case 'absent':
      return entry;
    case 'link':
      return { kind: 'foreign', what: `a link to ${entry.to}` };
    case 'other':
      return { kind: 'foreign', what: 'not a regular file' };
    case 'file': {
      const { text } = entry;
      const words = program(text);
      const isOurs = text.includes(MARKER) || basename(words?.[0] ?? '') === 'hephd';
      if (!isOurs) return { kind: 'foreign', what: 'a file that heph did not write' };
      return { kind: 'ours', text, isCurrent: text === wanted, executable: executableOf(words) };
    }
  }
}

/** The daemon's own file: the script, where the first word is the runtime that runs it. */
function executableOf(words: string[] | null): string | null {
  const [first, second] = words ?? [];
  const isScript = second !== undefined && /hephd(\.[cm]?[jt]s)?$/.test(second);
  return (isScript ? second : first) ?? null;
}
