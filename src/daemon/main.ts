import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSettings } from '#config/load.ts';
import type { Paths } from '#config/paths.ts';
import type { Settings } from '#config/settings.ts';
import type { Clock, NextOccurrence } from '#core/ports.ts';
import { aborted } from '#daemon/aborted.ts';
import { backupName } from '#daemon/backup-names.ts';
import { backUpDaily } from '#daemon/daily-backups.ts';
import { Changes } from '#daemon/changes.ts';
import { Dispatcher } from '#daemon/dispatch.ts';
import { EXIT, explainEnd } from '#daemon/endings.ts';
import { forgetHoldBack, holdBack } from '#daemon/hold-back.ts';
import { whyNotReplaced } from '#daemon/install-kind.ts';
import { Keeper } from '#daemon/keeper.ts';
import { Log, type Note } from '#daemon/log.ts';
import { LongQueries } from '#daemon/long-queries.ts';
import { DAEMON_USAGE, parseDaemonOptions } from '#daemon/options.ts';
import { inProcess } from '#daemon/readers.ts';
import { selfTest, type Serve } from '#daemon/self-test.ts';
import { updateByItself } from '#daemon/self-updates.ts';
import { Server } from '#daemon/server.ts';
import { settleUpdate } from '#daemon/settle-update.ts';
import { listen } from '#daemon/socket.ts';
import { stack } from '#daemon/stack.ts';
import { takeBack, tryOut } from '#daemon/trial.ts';
import { Turns } from '#daemon/turns.ts';
import type { Updater } from '#daemon/updater.ts';
import { Watchers } from '#daemon/watchers.ts';
import { worldOf } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { loadOccurrences } from '#node/occurrences.ts';
import { versionLine, VERSION } from '#protocol/version.ts';
import { backUpClosed, removeParts, removeStore } from '#store/backup.ts';
import { realPathOf, StoreLock } from '#store/lock.ts';
import { SCHEMA } from '#store/migrations/list.ts';
import { guarded, needsMigration, openReader } from '#store/open.ts';
import { restoringName } from '#store/put-back.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Store } from '#store/store.ts';
import { updatePlaces } from '#update/places.ts';
import { removeForGood } from '#update/whole-file.ts';

/** What a process gives its daemon. */
export interface DaemonInvocation {
  argv: string[];
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  cwd: string;
  pid: number;
  /** The runtime, the program that it runs, and `linux-x64`. */
  program: { executable: string; script: string; platform: string };
  /** Aborted when the process is told to go. */
  stop: AbortSignal;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Someone watches stderr, so what is logged is shown there too. */
  isForeground: boolean;
}

/** How long what has begun may take once the daemon is told to go. */
const DRAIN_MS = 10_000;

/** A change that is made in parts has less, so that whoever asked for it is still told. */
const GIVE_UP_MS = 5000;

/** How long reading all of a store may take, such as to see whether it is sound. */
const SLOW_QUERY_MS = 600_000;

/** Serve until told to stop. Resolves to the exit code; what went wrong is on stderr. */
export async function runDaemon(invocation: DaemonInvocation): Promise<number> {
  const { argv, env, home, cwd } = invocation;
  let gaveUp: string | null = null;
  try {
    const options = parseDaemonOptions(argv, env, home, cwd);
    if (options.do === 'version') invocation.stdout(`${versionLine('hephd')}\n`);
    if (options.do === 'help') invocation.stdout(DAEMON_USAGE);
    if (options.do === 'check-config') {
      loadSettings(options.paths.config);
      invocation.stdout(`${options.paths.config} can be used\n`);
    }
    const { pid, stop } = invocation;
    const serveAs =
      (role: Role): Serve =>
      (paths, until, onServing) =>
        serve(paths, invocation, { role, told: until, onServing });
    if (options.do === 'self-test') await selfTest(options.paths, serveAs('self-test'), stop);
    if (options.do === 'trial') await tryOut(options.paths, pid, serveAs('trial'), stop);
    if (options.do === 'serve') {
      gaveUp = options.paths.gaveUp;
      if (options.isDefault) mkdirSync(options.paths.dataDir, { recursive: true, mode: 0o700 });
      await serve(options.paths, invocation, { role: 'daemon', told: stop });
    }
    return EXIT.done;
  } catch (error) {
    const { message, code } = explainEnd(error);
    invocation.stderr(`${message}\n`);
    if (code === EXIT.neverRetry && gaveUp !== null) await holdBackFrom(gaveUp, invocation);
    return code;
  }
}

/** A daemon that clients know, or one for a moment: on the store itself, after an update, or on another. */
type Role = 'daemon' | 'trial' | 'self-test';

interface Serving {
  role: Role;
  /** Aborted when it is to leave. */
  told: AbortSignal;
  /** Told once it can be asked. */
  onServing?: () => void;
}

async function serve(
  given: Paths,
  invocation: DaemonInvocation,
  { role, told, onServing }: Serving,
): Promise<void> {
  const { pid, env } = invocation;
  const paths = { ...given, db: realPathOf(given.db) };
  const settings = loadSettings(paths.config);
  const going = new AbortController();
  const stop = AbortSignal.any([told, going.signal]);
  const followsZone = env['TZ'] === undefined;
  const clock = systemClock(followsZone);
  using _lock = guarded(paths.db, () => StoreLock.take(paths.db, pid));
  using log = openLog(paths, settings, invocation);
  await using cleanup = new AsyncDisposableStack();
  removeParts(paths.backups);
  const restoring = restoringName(paths.db);
  removeStore(restoring);
  removeParts(dirname(restoring), basename(restoring));
  const gaveBack = takeBack(paths, env, clock);
  if (gaveBack !== null) log.write('warn', 'gave-back', { ...gaveBack });
  const places = updatePlaces(paths.dataDir);
  // Whoever serves has decided: a copy from before must not come back over what is acknowledged from now on.
  if (role === 'daemon') removeForGood(places.probation);
  // On trial, there is a copy already.
  if (role !== 'trial') await backUpBeforeMigration(paths, clock, log);
  const store = cleanup.use(new Store(paths.db, newUlid));
  const data = { dbPath: paths.db, followsZone };
  const longQueries = cleanup.use(new LongQueries(data, settings['query.limit_ms']));
  const slowQueries = cleanup.use(new LongQueries(data, SLOW_QUERY_MS, inProcess(pid)));
  const watchers = new Watchers(() => store.sql);
  const note: Note = (event, fields) => log.write('info', event, fields);
  const whyNot = whyNotHere(paths, invocation);
  const updater = once(async () => {
    const { updaterOf } = await import('#daemon/updating.ts');
    const leave = (why: string) => going.abort(why);
    const here = { paths, platform: invocation.program.platform, whyNot };
    const using = { store, copies, changes, slowQueries, clock };
    return updaterOf({ ...here, ...using, leave, stop, log: note });
  });
  const copies = new Turns();
  const keeper = new Keeper({
    store,
    clock,
    copies,
    watchers,
    readers: [longQueries, slowQueries],
    slowQueries,
    updater,
    backups: paths.backups,
    log: note,
  });
  const occurrences = Promise.withResolvers<NextOccurrence>();
  const snapshots = new Snapshots(() => openReader(paths.db));
  const world = worldOf(store, { clock, newId: newUlid, snapshots });
  const nextOccurrence = occurrences.promise;
  const onChange = () => watchers.wake();
  const changes = cleanup.use(new Changes({ store, world, nextOccurrence, copies, onChange }));
  const dispatcher = new Dispatcher({
    world,
    changes,
    longQueries,
    slowQueries,
    keeper,
    onInternalError: (error, method) =>
      log.write('error', 'internal', { method, detail: stack(error) }),
    onAnswer: (method, outcome, ms) =>
      log.write('debug', 'answered', { method, outcome, ms: Math.round(ms * 10) / 10 }),
  });
  const server = new Server({
    pid,
    startedAtMs: clock.nowMs(),
    dispatch: (request, peer) => dispatcher.dispatch(request, peer),
  });
  const listener = await listen(paths.socket, server.accept);
  log.write('info', 'serving', { version: VERSION, pid, socket: paths.socket, db: paths.db });
  forgetHoldBack(paths.gaveUp);
  if (role === 'daemon') {
    rmSync(paths.handOver, { force: true });
    const isNew = settleUpdate({ places, backups: paths.backups, log: note });
    if (isNew) void link(updater, note);
  }
  onServing?.();
  longQueries.warm();
  occurrences.resolve(loadOccurrences());
  const backups = backUpDaily({
    folder: paths.backups,
    keep: settings['backup.keep'],
    clock,
    stop,
    // One that the daemon's leaving interrupts is made when it is back.
    backUp: (path) => keeper.backUpInTurn(path, () => stop.throwIfAborted()),
    log: (event, fields) => log.write('warn', event, fields),
  });
  const { config } = paths;
  const look = async () => (await updater()).look();
  const updates =
    role === 'daemon'
      ? updateByItself({ config, places, whyNot, look, stop, log: note })
      : undefined;
  await aborted(stop);
  log.write('info', 'draining', { reason: String(stop.reason) });
  listener.close();
  const givingUp = setTimeout(() => changes.giveUp(), GIVE_UP_MS);
  await server.drain(DRAIN_MS);
  clearTimeout(givingUp);
  // Whoever asked for it has gone, and a backup may wait for its end.
  changes.giveUp();
  // To read all of a backup may take minutes; one that is being checked is made again by the next daemon.
  await slowQueries[Symbol.asyncDispose]();
  await backups;
  await updates;
  log.write('info', 'stopped', { pid });
}

/** Null, or why this process does not make way for a newer version. */
function whyNotHere({ dataDir }: Paths, { env, pid, program }: DaemonInvocation): string | null {
  const executable = realpathSync(program.executable);
  const { script } = program;
  return whyNotReplaced({ env, pid, executable, script, dataDir: realpathSync(dataDir) });
}

/** Pages and plugin follow a new version. Where they cannot, it serves all the same. */
async function link(updater: () => Promise<Updater>, log: Note): Promise<void> {
  try {
    await (await updater()).link(VERSION);
  } catch (error) {
    log('no-links', { version: VERSION, why: stack(error) });
  }
}

/** Kept until somebody removes it: the way back, should the new version not be wanted. */
async function backUpBeforeMigration(paths: Paths, clock: Clock, log: Log): Promise<void> {
  if (!guarded(paths.db, () => needsMigration(paths.db))) return;
  const path = backupName(paths.backups, `before-schema-${SCHEMA}`, clock.nowMs());
  log.write('info', 'backed-up', { path, bytes: await backUpClosed(paths.db, path) });
}

async function holdBackFrom(path: string, { env, stop }: DaemonInvocation): Promise<void> {
  const wait = (ms: number) => Promise.race([aborted(stop), sleep(ms)]);
  await holdBack({ path, env, nowMs: () => Date.now(), wait });
}

function openLog(paths: Paths, settings: Settings, invocation: DaemonInvocation): Log {
  return new Log({
    path: paths.log,
    level: settings['log.level'],
    maxBytes: settings['log.max_bytes'],
    nowMs: () => Date.now(),
    echo: invocation.isForeground ? (line) => invocation.stderr(line) : undefined,
  });
}

/** What it gives, made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
