import type { ParsedArgs } from './fake-argv.ts';
import type { Answer } from './fake-program.ts';
import type { FileState } from './fake-systemd-install.ts';
import type { Glyphs } from './fake-systemd-print.ts';
import type { Service } from './fake-systemd-service.ts';
import type { Place } from './fake-systemd-unit.ts';

/** What the verbs need of the manager. */
export interface Manager {
  place: Place;
  version: number;
  /** In memory, or read from disk now. */
  service(name: string): Service;
  /** Only what is in memory. */
  known(name: string): Service | undefined;
  knownServices(): Service[];
  /** How the file stands; the manager looks only once between reloads. */
  fileState(service: Service): FileState | '';
  environment(): Record<string, string>;
  reload(): void;
}

/** One call to `systemctl`, units named in full. */
export interface Request {
  manager: Manager;
  args: ParsedArgs;
  units: readonly string[];
  glyphs: Glyphs;
  /** Null when the manager can be reached; otherwise how a verb that needs it fails. */
  offline: Answer | null;
}

export type Verb = (request: Request) => Answer | Promise<Answer>;
