/**
 * Where everything is. The same for everyone, from every context: no `XDG_*`
 * variable moves these, because a shell, cron, ssh and the service manager
 * disagree about them, and then clients and daemon never meet.
 */
export interface Paths {
  socket: string;
  db: string;
  config: string;
  /** Beside the store, as are the log and the hand-over file. */
  dataDir: string;
  log: string;
  /** Says until when clients wait for a daemon that is being replaced. */
  handOver: string;
  /** Says that the daemon last ended for a reason that stays, and when. */
  gaveUp: string;
  /** Held by the one `heph daemon` command that is at work. */
  verbLock: string;
  /** Copies of the store. */
  backups: string;
}

/** What may point elsewhere: for development and tests. Options win over variables. */
export interface PathOverrides {
  socket?: string | undefined;
  db?: string | undefined;
  config?: string | undefined;
}

/** The variables that name a path. */
export const PATH_VARIABLES = {
  socket: 'HEPH_SOCKET',
  db: 'HEPH_DB',
  config: 'HEPH_CONFIG',
} as const;

type Env = Readonly<Record<string, string | undefined>>;

/** A variable that is set but empty counts as not set, as in most shells' scripts. */
export function overridesFromEnv(env: Env): PathOverrides {
  return {
    socket: env[PATH_VARIABLES.socket] || undefined,
    db: env[PATH_VARIABLES.db] || undefined,
    config: env[PATH_VARIABLES.config] || undefined,
  };
}

/** The installed daemon's paths: what `heph daemon` manages, whatever the variables say. */
export function defaultPaths(home: string): Paths {
  return resolvePaths(home, '/', {});
}

/**
 * @param home the user's home directory.
 * @param cwd what relative overrides are relative to.
 * Given only a socket, the store is taken to lie beside it: a client needs no
 * more than that to find the hand-over file.
 */
export function resolvePaths(home: string, cwd: string, overrides: PathOverrides): Paths {
  const data = `${home}/.local/share/heph`;
  const absolute = (path: string) => (path.startsWith('/') ? path : `${cwd}/${path}`);
  const socket = absolute(overrides.socket ?? `${data}/hephd.sock`);
  const beside = overrides.socket === undefined ? data : folderOf(socket);
  const db = absolute(overrides.db ?? `${beside}/heph.db`);
  const dataDir = folderOf(db);
  return {
    socket,
    db,
    config: absolute(overrides.config ?? `${home}/.config/heph/config.toml`),
    dataDir,
    log: `${dataDir}/hephd.log`,
    handOver: `${dataDir}/hand-over.json`,
    gaveUp: `${dataDir}/gave-up.json`,
    verbLock: `${dataDir}/heph-daemon.lock`,
    backups: `${dataDir}/backups`,
  };
}

/** What a kernel accepts as a socket's path everywhere: macOS has room for 103 bytes and a NUL. */
const SOCKET_PATH_BYTES_MAX = 103;

/** Null, or why the path cannot be a socket's. Longer ones are cut by the runtime without a word. */
export function socketPathProblem(path: string): string | null {
  const bytes = new TextEncoder().encode(path).length;
  if (bytes <= SOCKET_PATH_BYTES_MAX) return null;
  return `its path is ${bytes} bytes long, and ${SOCKET_PATH_BYTES_MAX} is the most; set ${PATH_VARIABLES.socket} to a shorter one`;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
