// Runs in a hephd before its own program. From when the journal is there, each
// thing that changes a file below a folder is a line in it, and the process dies
// by SIGKILL before the one with a given number. What is written, copied, or
// removed with all that is in it, can end in its middle as well. What only has
// the disk follow is a line that has no number: a process that is killed before
// it leaves what one leaves that is killed after it.
import fs, { type PathLike } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const env = process.env;
const folder = env['DIE_FOLDER'] ?? '';
const journal = env['DIE_JOURNAL'] ?? '';
const fatal = Number(env['DIE_BEFORE']);

type Call = (...args: unknown[]) => unknown;
type Calls = Record<string, Call>;
interface WriteOptions {
  flag?: string;
  mode?: number;
  flush?: boolean;
}
/** Does a part of what is about to be done. */
type Halfway = (() => void) | null;

const real: Calls = { ...fs } as unknown as Calls;
const realFs = { ...fs };
const realPromises: Calls = { ...fs.promises } as unknown as Calls;
const patched = fs as unknown as Calls;
const patchedPromises = fs.promises as unknown as Calls;
const names = new Map<unknown, string>();
/** What Node does to do what it was asked for is one with it. */
let depth = 0;

if (isMainThread) {
  // As if it lay where it is installed.
  process.execPath = env['DIE_EXECUTABLE'] ?? process.execPath;
  for (const name of ['mkdir', 'rm', 'unlink', 'rmdir', 'chmod', 'truncate']) patchPath(name, 0);
  for (const name of ['rename', 'link', 'symlink', 'copyFile']) patchPath(name, 1);
  patchOpen();
  for (const name of ['fsync', 'fdatasync']) patchDescriptor(name, noteSync);
  for (const name of ['ftruncate', 'fchmod'])
    patchDescriptor(name, (path) => step(`${name} ${path}`));
  patchWrite();
  patchWriteFile();
  patchSqlite();
  syncBuiltinESMExports();
}

function step(what: string, halfway: Halfway = null): void {
  if (depth > 0 || !realFs.existsSync(journal)) return;
  point(what);
  if (halfway === null) return;
  if (pointsSoFar() + 1 === fatal) nested(halfway);
  point(`half of ${what}`);
}

function point(what: string): void {
  const nth = pointsSoFar() + 1;
  realFs.appendFileSync(journal, `${what}\n`);
  if (nth !== fatal) return;
  // 0 is all that the service manager started.
  process.kill(env['DIE_ALONE'] === 'yes' ? process.pid : 0, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function pointsSoFar(): number {
  const lines = realFs.readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => !line.startsWith('sync ')).length;
}

function noteSync(path: string): void {
  if (depth === 0 && realFs.existsSync(journal)) realFs.appendFileSync(journal, `sync ${path}\n`);
}

/** Below the folder; null for what is elsewhere, and for the log, which is no part of an update. */
function below(path: unknown): string | null {
  const text = String(path);
  if (text === folder) return '.';
  if (!text.startsWith(`${folder}/`)) return null;
  const name = text.slice(folder.length + 1);
  return /(?:^|\/)hephd\.log/.test(name) ? null : name;
}

function nested<T>(work: () => T): T {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

function patchPath(name: string, at: number): void {
  const before = (args: unknown[]) => {
    const path = below(args[at]);
    if (path === null || isIdle(name, String(args[at]))) return;
    // The version on trial that is to fail, with the store open and migrated.
    if (path === 'trial.sock' && env['DIE_TRIAL'] === 'yes' && process.argv.includes('--trial'))
      process.exit(1);
    step(`${name} ${path}`, halfwayOf(name, String(args[0]), String(args[1])));
  };
  patched[`${name}Sync`] = (...args) => {
    before(args);
    return nested(() => real[`${name}Sync`]?.(...args));
  };
  patchedPromises[name] = async (...args) => {
    before(args);
    return realPromises[name]?.(...args);
  };
}

/** What changes nothing: to make a folder that is there, to remove what is not. */
function isIdle(name: string, path: string): boolean {
  const isThere = realFs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return name === 'mkdir' ? isThere : name === 'rm' && !isThere;
}

function halfwayOf(name: string, first: string, second: string): Halfway {
  if (name === 'copyFile')
    return () => realFs.writeFileSync(second, halfOf(realFs.readFileSync(first)));
  if (name !== 'rm' || !realFs.lstatSync(first).isDirectory()) return null;
  const [some] = realFs.readdirSync(first).toSorted();
  if (some === undefined) return null;
  return () => realFs.rmSync(`${first}/${some}`, { recursive: true });
}

function halfOf(data: unknown): Uint8Array {
  const bytes = typeof data === 'string' ? Buffer.from(data) : (data as Uint8Array);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function patchOpen(): void {
  const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
  const before = (path: unknown, flags: unknown) => {
    const name = below(path);
    const isRead =
      typeof flags === 'number'
        ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) === 0
        : ['r', 'rs', undefined].includes(flags as string);
    if (name !== null && !isRead) step(`open ${name}`);
    return name;
  };
  patched['openSync'] = (path, flags, mode) => {
    const name = before(path, flags);
    const fd = real['openSync']?.(path, flags, mode);
    if (name !== null) names.set(fd, name);
    return fd;
  };
  patched['closeSync'] = (fd) => {
    names.delete(fd);
    return real['closeSync']?.(fd);
  };
  patchedPromises['open'] = async (path, flags, mode) => {
    const name = before(path, flags);
    const handle = await realPromises['open']?.(path, flags, mode);
    if (name !== null) patchHandle(handle as Calls, name);
    return handle;
  };
}

function patchDescriptor(name: string, before: (path: string) => void): void {
  patched[`${name}Sync`] = (...args) => {
    const path = names.get(args[0]);
    if (path !== undefined) before(path);
    return real[`${name}Sync`]?.(...args);
  };
}

function patchWrite(): void {
  patched['writeSync'] = (...args) => {
    const [fd, data] = args;
    const path = names.get(fd);
    if (path !== undefined)
      step(`write ${path}`, () => void realFs.writeSync(fd as number, halfOf(data)));
    return real['writeSync']?.(...args);
  };
}

/** Node has a shorter way for some of these, in which no step can be seen. */
function patchWriteFile(): void {
  patched['writeFileSync'] = (path, data, options) => {
    if (below(path) === null) {
      real['writeFileSync']?.(path, data, options);
      return;
    }
    const { flag = 'w', mode = 0o666, flush = false } = (options ?? {}) as WriteOptions;
    const fd = fs.openSync(path as PathLike, flag, mode);
    try {
      fs.writeSync(fd, Buffer.from(data as string));
      if (flush) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  };
}

function patchHandle(handle: Calls, name: string): void {
  const own = (call: string) => (handle[call] as Call).bind(handle);
  for (const call of ['appendFile', 'writeFile', 'write']) {
    const write = own(call);
    handle[call] = (...args) => {
      const fd = (handle as unknown as { fd: number }).fd;
      step(`write ${name}`, () => void realFs.writeSync(fd, halfOf(args[0])));
      return write(...args);
    };
  }
  for (const call of ['truncate', 'chmod', 'sync', 'datasync']) {
    const change = own(call);
    handle[call] = (...args) => {
      if (call.endsWith('sync')) noteSync(name);
      else step(`${call} ${name}`);
      return change(...args);
    };
  }
}

/** Its own files are SQLite's: what counts is what it is told. */
function patchSqlite(): void {
  const load = createRequire(process.argv[1] ?? '');
  const { prototype } = load('better-sqlite3') as { prototype: Calls };
  const isChange = (sql: unknown) =>
    /^(?:(?:journal_mode|application_id|user_version) *=|wal_checkpoint)/.test(String(sql));
  for (const call of ['exec', 'pragma', 'backup', 'close']) {
    const told = prototype[call] as Call;
    prototype[call] = function (this: { name: string; readonly: boolean }, ...args: unknown[]) {
      const name = below(this.name);
      const isRead =
        call !== 'backup' && (this.readonly || (call === 'pragma' && !isChange(args[0])));
      if (name !== null && !name.endsWith('.lock') && !isRead)
        step(`${call} ${name} ${wordsOf(args[0])}`);
      return told.apply(this, args);
    };
  }
}

function wordsOf(sql: unknown): string {
  return typeof sql === 'string' ? sql.trim().slice(0, 30).replaceAll('\n', ' ') : '';
}
