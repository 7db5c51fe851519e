import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, parseUnit } from './fake-systemd-settings.ts';
import type { Place } from './fake-systemd-unit.ts';

/** How a unit stands on disk; `bad` is a file that is gone. */
export type FileState = 'enabled' | 'disabled' | 'static' | 'linked' | 'masked' | 'bad';

export interface LinkChange {
  action: 'created' | 'removed';
  path: string;
  target: string;
}

export type InstallOutcome =
  | { kind: 'done'; changes: LinkChange[]; hasInstallSection: boolean; strangers: string[] }
  | { kind: 'absent' }
  | { kind: 'masked'; path: string };

/** The targets that a user manager has. */
const KNOWN_TARGETS = new Set(['default.target', 'basic.target', 'graphical-session.target']);

/** All of this is work on files, done with and without a manager. */
export function fileState(place: Place, name: string): FileState {
  const path = join(place.folder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 'bad';
  if (stats.size === 0) return 'masked';
  if (wantsLinks(place, name).length > 0) return 'enabled';
  if (lstatSync(path).isSymbolicLink()) return 'linked';
  return wantedBy(place, name).length > 0 ? 'disabled' : 'static';
}

/** Link the unit where its `WantedBy=` says. */
export function enable(place: Place, name: string): InstallOutcome {
  const path = join(place.folder, name);
  const state = fileState(place, name);
  if (state === 'bad') return { kind: 'absent' };
  if (state === 'masked') return { kind: 'masked', path };
  const targets = wantedBy(place, name);
  const target = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : path;
  const changes: LinkChange[] = [];
  for (const wanting of targets) {
    const folder = join(place.folder, `${wanting}.wants`);
    const link = join(folder, name);
    if (linkTarget(link) === target) continue;
    mkdirSync(folder, { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(target, link);
    changes.push({ action: 'created', path: link, target });
  }
  return {
    kind: 'done',
    changes,
    hasInstallSection: targets.length > 0,
    strangers: targets.filter((wanting) => !KNOWN_TARGETS.has(wanting)),
  };
}

/** Take away every link to the unit, and the unit itself where that is a link. */
export function disable(place: Place, name: string): InstallOutcome {
  const path = join(place.folder, name);
  if (fileState(place, name) === 'masked') return { kind: 'masked', path };
  const own = linkStats(path);
  const links = wantsLinks(place, name);
  if (own?.isSymbolicLink() === true) links.push(path);
  if (links.length === 0 && !own) return { kind: 'absent' };
  const changes = links.map((link): LinkChange => {
    const target = readlinkSync(link);
    rmSync(link);
    if (link !== path) removeIfEmpty(join(link, '..'));
    return { action: 'removed', path: link, target };
  });
  return { kind: 'done', changes, hasInstallSection: true, strangers: [] };
}

/** Put a link to nowhere in its place. @returns whether the place was free. */
export function mask(place: Place, name: string): boolean {
  const path = join(place.folder, name);
  if (linkStats(path)) return linkTarget(path) === '/dev/null';
  mkdirSync(place.folder, { recursive: true });
  symlinkSync('/dev/null', path);
  return true;
}

/** The units that start with the session, whether or not they exist. */
export function wantedAtLogin(place: Place): string[] {
  return entries(join(place.folder, 'default.target.wants'));
}

function wantsLinks(place: Place, name: string): string[] {
  const folders = entries(place.folder).filter((entry) => /\.(wants|requires)$/.test(entry));
  const links = folders.map((folder) => join(place.folder, folder, name));
  return links.filter((link) => linkStats(link)?.isSymbolicLink() === true);
}

function wantedBy(place: Place, name: string): readonly string[] {
  const text = readFileSync(join(place.folder, name), 'utf8');
  return parseUnit([text], defaultSettings(name, place.home), {}).wantedBy;
}

function linkStats(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function linkTarget(path: string): string | null {
  return linkStats(path)?.isSymbolicLink() === true ? readlinkSync(path) : null;
}

function entries(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder).toSorted() : [];
}

function removeIfEmpty(folder: string): void {
  if (entries(folder).length === 0) rmdirSync(folder);
}
