import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket-node.ts';
import { updatePlaces } from '#update/places.ts';
import { root } from '../../scripts/support.ts';
import { Peer } from './memory-transport.ts';
import type { VersionFiles } from './sweep-versions.ts';

/** How long a hephd may take to greet on a busy machine, with two trials before it. */
const START_MS = 60_000;

/** Programs of the launcher that change files. */
const OF_LAUNCHER = ['mv', 'ln', 'rm', 'cp'];

/** Stand before the real ones on the PATH: a line in the journal each, or the end of it all. */
export function writeStubs(folder: string): void {
  for (const name of OF_LAUNCHER) {
    const script = `#!/bin/sh
PATH=\${PATH#*:}
if [ -e "$DIE_JOURNAL" ] && [ "$DIE_ALONE" != yes ]; then
  echo "launcher: ${name} $*" >>"$DIE_JOURNAL"
  [ "$(grep -vc '^sync ' "$DIE_JOURNAL")" -eq "$DIE_BEFORE" ] && kill -KILL 0
fi
exec ${name} "$@"
`;
    put(`${folder}/${name}`, script);
  }
}

/** The store's own, sockets, and names with the number of a process in them: whoever needs one replaces it. */
const HARMLESS =
  /^\.\/(?:s|trial\.sock|hephd\.log|heph\.db-(?:wal|shm)|heph\.db\.lock|\.current\.\d+|\.[0-9a-z]+)$|^update\/probation\.\d+$|-(?:wal|shm)$/;

export interface Death {
  /** The point at which it dies; 0 for never. */
  before: number;
  /** Only the process that comes to that point, in place of all that the manager started. */
  alone?: boolean;
}

/** What stays the same for all copies of an installation. */
interface Known {
  /** See {@link writeStubs}. */
  stubs: string;
  /** Settings of its hephd. */
  config: string;
  /** What each version that may be in use is made of. */
  versions: Readonly<Record<string, VersionFiles>>;
}

/** heph in a folder of its own, with its launcher, as `install.sh` leaves it. */
export class Installation {
  readonly folder: string;
  readonly places: ReturnType<typeof updatePlaces>;
  readonly known: Known;

  constructor(folder: string, known: Known) {
    this.folder = folder;
    this.places = updatePlaces(folder);
    this.known = known;
  }

  /** Have a file there, and the folders that it is in. */
  put(path: string, text: string): void {
    put(`${this.folder}/${path}`, text);
  }

  install(version: string, files: VersionFiles): void {
    for (const [path, text] of Object.entries(files)) this.put(`versions/${version}/${path}`, text);
    mkdirSync(`${this.folder}/launcher`, { recursive: true });
    rmSync(this.places.current, { force: true });
    copyFileSync(`${root}/scripts/artefact/launcher`, `${this.folder}/launcher/hephd`);
    chmodSync(`${this.folder}/launcher/hephd`, 0o755);
    symlinkSync(`versions/${version}`, this.places.current);
  }

  copyTo(folder: string): Installation {
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new Installation(folder, this.known);
  }

  /** From here on, what changes a file is a point. */
  watch(): void {
    writeFileSync(this.#journal, '');
  }

  /** The points since then, which are none from here on. */
  points(): string[] {
    const lines = readFileSync(this.#journal, 'utf8').split('\n').slice(0, -1);
    rmSync(this.#journal);
    return lines;
  }

  /** As the service manager starts it; a new version is only tried out in earnest where it may die of that. */
  boot(death?: Death): Boot {
    const { before, alone = false } = death ?? { before: 0 };
    const data = this.folder;
    const places = [
      '--db',
      `${data}/heph.db`,
      '--socket',
      `${data}/s`,
      '--config',
      this.known.config,
    ];
    return new Boot(`${data}/s`, `${data}/launcher/hephd`, ['--mode', 'local', ...places], {
      PATH: `${this.known.stubs}:${process.env['PATH']}`,
      HOME: data,
      TZ: 'UTC',
      DIE_FOLDER: data,
      DIE_JOURNAL: this.#journal,
      DIE_BEFORE: `${before}`,
      DIE_ALONE: alone ? 'yes' : 'no',
      REHEARSE: death === undefined ? 'no' : 'yes',
    });
  }

  inUse(): string {
    return readlinkSync(this.places.current).replace(/^versions\//, '');
  }

  filesOf(version: string): VersionFiles {
    const folder = `${this.places.versions}/${version}`;
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1));
    return Object.fromEntries(
      paths.map((path) => [path, readFileSync(`${folder}/${path}`, 'utf8')]),
    );
  }

  /** What lies there that is neither a version's, nor only there while a hephd runs, nor harmless. */
  listing(): string[] {
    const paths = ['.', 'update', 'backups', 'versions'].flatMap((folder) =>
      readdirSync(`${this.folder}/${folder}`).map((name) => `${folder}/${name}`),
    );
    return paths.filter((path) => !HARMLESS.test(path)).toSorted();
  }

  get #journal(): string {
    return `${this.folder}.journal`;
  }
}

/** What a store holds, which nobody has open. */
export function storeAt(path: string): { problems: unknown; schema: unknown; titles: unknown[] } {
  using db = new DatabaseSync(path);
  const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0];
  const rows = db.prepare(`SELECT title FROM nodes WHERE kind = 'task' ORDER BY title`).all();
  return {
    problems: one('PRAGMA integrity_check'),
    schema: one('PRAGMA user_version'),
    titles: rows.map(({ title }) => title),
  };
}

/** An answer that is an error. */
export class Refusal extends Error {}

/** What a manager has started: a launcher, which becomes a hephd, and what these start. */
export class Boot implements AsyncDisposable {
  readonly #socket: string;
  readonly #process: ReturnType<typeof spawn>;
  /** Resolves to how it ended, in words. */
  readonly ended: Promise<string>;

  constructor(socket: string, program: string, args: string[], env: Record<string, string>) {
    this.#socket = socket;
    // A group of its own, to be killed as one.
    this.#process = spawn(program, args, {
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    this.#process.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#process.once('error', reject);
    this.#process.once('exit', () => this.#killGroup());
    // Not before the last of them has let go of stderr: it may hold the store.
    this.#process.once('close', (code, signal) => resolve(signal ?? `exit ${code} ${said}`));
    this.ended = promise;
  }

  /** The version of whoever answers. @throws when it ends instead. */
  async greeted(): Promise<string> {
    for (const until = Date.now() + START_MS; Date.now() < until; await sleep(20)) {
      if (this.#hasEnded) throw new Error(`it ended: ${await this.ended}`);
      const found = await greetingOf(socketDialer(this.#socket), this.#socket);
      if (found.kind === 'answers') return found.hello.version;
    }
    throw new Error('nobody greets');
  }

  /** @throws {Refusal} the answer is one; or there is none. */
  async ask(method: string, params: object = {}): Promise<unknown> {
    using peer = await Peer.dial(socketDialer(this.#socket));
    await peer.next();
    peer.hello();
    peer.say({ id: 1, method, params });
    const { result, error } = await peer.next();
    if (error !== undefined) throw new Refusal(JSON.stringify(error));
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.#killGroup();
    await this.ended;
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}
