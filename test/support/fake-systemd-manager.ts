import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { ProcessGroups } from './fake-process.ts';
import { fileState, wantedAtLogin, type FileState } from './fake-systemd-install.ts';
import type { Manager } from './fake-systemd-request.ts';
import { Service, type ServiceHost } from './fake-systemd-service.ts';
import { loadUnit, type Place } from './fake-systemd-unit.ts';

export interface ManagerOptions {
  version: number;
  env: Readonly<Record<string, string>>;
  timeScale: number;
  /** Null: no limit at all. */
  startLimitScale: () => number | null;
}

const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin';

/** A user manager: the units in memory, and the processes. It starts up, and has nothing running. */
export class UserManager implements Manager, ServiceHost, AsyncDisposable {
  readonly place: Place;
  readonly version: number;
  readonly timeScale: number;
  readonly processes = new ProcessGroups();
  readonly startLimitScale: () => number | null;
  readonly #env: Readonly<Record<string, string>>;
  readonly #services = new Map<string, Service>();
  readonly #fileStates = new Map<string, FileState | ''>();
  #wanted: readonly string[] = [];

  constructor(place: Place, options: ManagerOptions) {
    this.place = place;
    this.version = options.version;
    this.timeScale = options.timeScale;
    this.startLimitScale = options.startLimitScale;
    this.#env = options.env;
    this.reload();
  }

  /** What a login brings. */
  async startWanted(): Promise<void> {
    const services = this.#wanted.map((name) => this.service(name));
    const loaded = services.filter(({ unit }) => unit.loadState === 'loaded');
    await Promise.all(loaded.map((service) => service.request('start')));
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.knownServices().map((service) => service.request('stop')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#services.values()) service.abandon();
    await this.processes[Symbol.asyncDispose]();
  }

  service(name: string): Service {
    const known = this.known(name);
    if (known) return known;
    const service = new Service(loadUnit(this.place, name), this);
    this.#services.set(name, service);
    this.#fileStates.delete(name);
    return service;
  }

  /** A unit that is down, and that nothing wants, is forgotten with all that happened to it. */
  known(name: string): Service | undefined {
    const service = this.#services.get(name);
    if (service?.isIdle === true && !this.#wanted.includes(name)) this.#services.delete(name);
    return this.#services.get(name);
  }

  knownServices(): Service[] {
    return [...this.#services.values()];
  }

  /** Looked up once, and then as it was until the next reload. */
  fileState({ name, unit }: Service): FileState | '' {
    const known = this.#fileStates.get(name);
    const state = known ?? (unit.fragmentPath === '' ? '' : fileState(this.place, name));
    this.#fileStates.set(name, state);
    return state;
  }

  reload(): void {
    this.#fileStates.clear();
    this.#wanted = wantedAtLogin(this.place);
    for (const service of this.#services.values()) {
      service.reload(loadUnit(this.place, service.name));
    }
    for (const name of this.#wanted) this.service(name);
  }

  environment(): Record<string, string> {
    const { home, user, runtimeDir } = this.place;
    return {
      HOME: home,
      USER: user,
      PATH: SEARCH_PATH,
      XDG_RUNTIME_DIR: runtimeDir,
      MANAGERPID: String(process.pid),
      ...this.#env,
    };
  }

  findProgram(name: string): string {
    if (name.startsWith('/')) return name;
    const places = SEARCH_PATH.split(':').map((folder) => join(folder, name));
    return places.find(isExecutable) ?? name;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
