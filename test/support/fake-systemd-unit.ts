import { existsSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, parseUnit, type Settings } from './fake-systemd-settings.ts';
import type { Specifiers } from './fake-systemd-words.ts';

type LoadState = 'loaded' | 'not-found' | 'masked' | 'bad-setting';

/** A user manager's place: whose it is, and where its units lie. */
export interface Place {
  home: string;
  user: string;
  uid: number;
  runtimeDir: string;
  /** The one folder that units are read from. */
  folder: string;
}

/** A unit as the manager read it, at one moment. */
export interface LoadedUnit {
  name: string;
  loadState: LoadState;
  /** Empty where there is none. */
  fragmentPath: string;
  dropIns: readonly string[];
  settings: Settings;
  /** What the files' times were; a newer one means that the text has changed. */
  readAtMs: Readonly<Record<string, number>>;
  /** Whether the folder of drop-ins was there: a new one goes unnoticed. */
  knowsDropInFolder: boolean;
}

/** Read a unit and its drop-ins. */
export function loadUnit(place: Place, name: string): LoadedUnit {
  const path = join(place.folder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  const found = stats !== undefined;
  // A link to /dev/null, and an empty file, mean the same.
  const isMasked = found && stats.size === 0;
  const dropIns = found ? dropInsOf(place, name) : [];
  const defaults = defaultSettings(name, place.home);
  const texts = isMasked || !found ? [] : [path, ...dropIns].map(readText);
  const parsed = parseUnit(texts, defaults, specifiersOf(place, name));
  const isRead = texts.length > 0;
  return {
    name,
    loadState: isMasked ? 'masked' : !found ? 'not-found' : parsed.isBad ? 'bad-setting' : 'loaded',
    fragmentPath: found ? path : '',
    dropIns,
    settings: isRead ? parsed.settings : defaults,
    readAtMs: Object.fromEntries(
      [path, ...dropIns].map((file) => [file, timeOf(statSync(file, { throwIfNoEntry: false }))]),
    ),
    knowsDropInFolder: existsSync(dropInFolder(place, name)),
  };
}

/** Whether the files say something else by now. Only times are compared, never texts. */
export function hasChanged(place: Place, unit: LoadedUnit): boolean {
  const { fragmentPath, dropIns, knowsDropInFolder } = unit;
  if (fragmentPath === '') return false;
  const stats = statSync(fragmentPath, { throwIfNoEntry: false });
  if (unit.loadState === 'masked') return stats === undefined || stats.size > 0;
  const there = knowsDropInFolder ? dropInsOf(place, unit.name) : [];
  if (there.join('\n') !== dropIns.join('\n')) return true;
  return [fragmentPath, ...dropIns].some((path) => {
    const now = statSync(path, { throwIfNoEntry: false });
    return now === undefined || timeOf(now) > (unit.readAtMs[path] ?? 0);
  });
}

/** Why a unit that is not `loaded` cannot be started. */
export function loadProblem(unit: LoadedUnit): string {
  switch (unit.loadState) {
    case 'not-found':
      return `Unit ${unit.name} not found.`;
    case 'masked':
      return `Unit ${unit.name} is masked.`;
    case 'bad-setting':
      return `Unit ${unit.name} has a bad unit file setting.`;
    case 'loaded':
      return '';
  }
}

function dropInFolder(place: Place, name: string): string {
  return join(place.folder, `${name}.d`);
}

function dropInsOf(place: Place, name: string): string[] {
  const folder = dropInFolder(place, name);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((file) => file.endsWith('.conf'));
  return names.toSorted().map((file) => join(folder, file));
}

function specifiersOf(place: Place, name: string): Specifiers {
  const prefix = name.replace(/\.[a-z]+$/, '');
  return {
    h: place.home,
    u: place.user,
    U: String(place.uid),
    n: name,
    N: prefix,
    p: prefix,
    t: place.runtimeDir,
    E: join(place.home, '.config'),
    C: join(place.home, '.cache'),
    S: join(place.home, '.local/state'),
    L: join(place.home, '.local/state/log'),
    T: '/tmp',
    V: '/var/tmp',
    s: '/bin/sh',
  };
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

function timeOf(stats: Stats | undefined): number {
  return stats?.mtimeMs ?? 0;
}
