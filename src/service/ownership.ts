import { basename } from '#service/text.ts';
import type { PathEntry, ServiceSpec, UnitFile } from '#service/service.ts';

/** The line by which a unit or plist is known to be heph's. */
export const MARKER =
  "Written by heph: 'heph daemon restart' writes it anew, and what is changed here is lost.";

/** Readable by every manager, writable by nobody else: launchd takes no other. */
export const UNIT_MODE = 0o644;

const MOVE_IT = 'move it away, then try again; nothing was changed';

/**
 * Whose the file under our name is. Ours carries the marker, or runs a program
 * called `hephd`: older versions wrote no marker.
 * @param program the file's command line, null where it cannot be read.
 */
export function ownership(
  entry: PathEntry,
  spec: ServiceSpec,
  wanted: string,
  program: (text: string) => string[] | null,
): UnitFile {
  switch (entry.kind) {
    case 'absent':
      return entry;
    case 'link':
      return entry.to === '/dev/null'
        ? foreign('masked (a link to /dev/null)', `systemctl --user unmask ${spec.name}`)
        : foreign(`a link to ${entry.to}`, MOVE_IT);
    case 'other':
      return foreign('not a regular file', MOVE_IT);
    case 'file': {
      const { text, uid, mode } = entry;
      if (uid !== spec.uid) {
        const hint = `sudo chown ${spec.uid} ${spec.unitPath}, then try again; nothing was changed`;
        return foreign(`a file of user ${uid}, not of yours`, hint);
      }
      const words = program(text);
      const isOurs = text.includes(MARKER) || basename(words?.[0] ?? '') === 'hephd';
      if (!isOurs) return foreign('a file that heph did not write', MOVE_IT);
      const isCurrent = text === wanted && mode === UNIT_MODE;
      return { kind: 'ours', text, isCurrent, executable: executableOf(words) };
    }
  }
}

function foreign(what: string, hint: string): UnitFile {
  return { kind: 'foreign', what, hint };
}

/** The daemon's own file: the script, where the first word is the runtime that runs it. */
export function executableOf(words: readonly string[] | null): string | null {
  const [first, second] = words ?? [];
  const isScript = second !== undefined && /hephd(\.[cm]?[jt]s)?$/.test(second);
  return (isScript ? second : first) ?? null;
}
