import { parseArgs } from 'node:util';
import { overridesFromEnv, resolvePaths, type Paths } from '#config/paths.ts';

/** What `hephd` was started to do. */
export type DaemonOptions =
  | { do: 'serve'; paths: Paths; isDefault: boolean }
  | { do: 'check-config'; paths: Paths }
  /** Be a daemon on these paths for a moment, and leave: does this version run here? */
  | { do: 'self-test'; paths: Paths }
  /** The same on the store itself, as the last step of an update. Only the launcher asks for it. */
  | { do: 'trial'; paths: Paths }
  | { do: 'version' }
  | { do: 'help' };

/** A command line that makes no sense; exit 2. */
export class UsageError extends Error {}

export const DAEMON_USAGE = `Usage: hephd [--mode local] [--db FILE --socket PATH] [--config FILE]

Own the store and answer on the socket, in the foreground. The operating
system is meant to keep it running: see 'heph daemon start'.

Options:
  --mode local     the only mode so far: one store, one user, one machine
  --db FILE        the store (HEPH_DB; default ~/.local/share/heph/heph.db)
  --socket PATH    where to answer (HEPH_SOCKET; default hephd.sock beside it)
  --config FILE    settings (HEPH_CONFIG; default ~/.config/heph/config.toml)
  --check-config   say whether the settings can be used, and leave
  --self-test      open the store, answer once, and leave; with a store of its own
  --version        print the version and leave
  --help           print this and leave
`;

/**
 * A daemon told of only one of store and socket would serve the real store on a
 * test's socket, or the other way round: it refuses.
 * @throws {UsageError}
 */
export function parseDaemonOptions(
  argv: string[],
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  cwd: string,
): DaemonOptions {
  const values = parse(argv);
  if (values.version === true) return { do: 'version' };
  if (values.help === true) return { do: 'help' };
  if (values.mode !== undefined && values.mode !== 'local') {
    throw new UsageError(`cannot run in mode ${values.mode}: the only mode is local`);
  }
  const fromEnv = overridesFromEnv(env);
  const config = values.config ?? fromEnv.config;
  if (values['check-config'] === true) {
    return { do: 'check-config', paths: resolvePaths(home, cwd, { config }) };
  }
  const socket = values.socket ?? fromEnv.socket;
  const db = values.db ?? fromEnv.db;
  if ((socket === undefined) !== (db === undefined)) {
    const [given, missing] = db === undefined ? ['socket', 'store'] : ['store', 'socket'];
    const how = db === undefined ? '--db or HEPH_DB' : '--socket or HEPH_SOCKET';
    throw new UsageError(
      `cannot start with a ${given} but no ${missing} of its own: give ${how} too`,
    );
  }
  const paths = resolvePaths(home, cwd, { socket, db, config });
  if (values['self-test'] === true) {
    if (db === undefined)
      throw new UsageError('cannot test itself on the real store: give --db and --socket');
    return { do: 'self-test', paths };
  }
  if (values.trial === true) return { do: 'trial', paths };
  return { do: 'serve', paths, isDefault: db === undefined };
}

function parse(argv: string[]) {
  try {
    const option = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = {
      mode: option,
      db: option,
      socket: option,
      config: option,
      'check-config': flag,
      'self-test': flag,
      trial: flag,
      version: flag,
      help: flag,
    };
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(`cannot understand the command line: ${(error as Error).message}`);
  }
}
