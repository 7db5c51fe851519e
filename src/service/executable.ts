import { basename, dirname } from '#service/text.ts';

/** How the running `heph` was started. */
export interface Program {
  /** The runtime's executable, or the compiled program itself; links are resolved. */
  executable: string;
  /** The script the runtime runs, links as typed; null for a compiled program. */
  script: string | null;
}

/**
 * The command line of the `hephd` that belongs to this `heph`: its neighbour,
 * under the path that stays the same when a version is replaced.
 * @param stable the artefact's `current` folder, when it is this installation.
 */
export function daemonCommand(program: Program, stable: string | null): string[] {
  if (program.script === null) {
    const folder = stable === null ? dirname(program.executable) : `${stable}/bin`;
    return [`${folder}/hephd`, '--mode', 'local'];
  }
  const name = basename(program.script).replace(/^heph\b/, 'hephd');
  return [program.executable, `${dirname(program.script)}/${name}`, '--mode', 'local'];
}
