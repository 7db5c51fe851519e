import { defaultPaths } from '#config/paths.ts';
import { processes } from '#node/processes.ts';
import type {
  CommandOutcome,
  Files,
  PathEntry,
  PathStat,
  ProbeAnswer,
  ServicePorts,
} from '#service/service.ts';
import type { Target, TargetUser } from './target.ts';

/**
 * The ports of `service/` inside a target: the backend runs here, its commands
 * and files go through the container's exec. A target has no Node but the one
 * that the artefact brings.
 */
export function portsIn(target: Target, user: TargetUser, node: string): ServicePorts {
  return {
    run: async (program, args, { limitMs, env = {} }): Promise<CommandOutcome> => {
      const changes = Object.entries(env).map(([name, value]) => [name, value ?? undefined]);
      const { code, stdout, stderr } = await target.exec([program, ...args], {
        user: user.name,
        timeoutMs: limitMs,
        env: Object.fromEntries(changes) as Record<string, string | undefined>,
      });
      return { kind: 'exited', code, stdout, stderr };
    },
    files: filesIn(target, user),
    probe: (socket) => probeIn(target, user, node, socket),
    nowMs: Date.now,
    ...processes,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    env: { HOME: user.home, XDG_RUNTIME_DIR: `/run/user/${user.uid}` },
  };
}

function filesIn(target: Target, user: TargetUser): Files {
  const exec = (...argv: string[]) => target.exec(argv, { user: user.name });
  const strict = async (...argv: string[]) => {
    const result = await exec(...argv);
    if (result.code !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
  return {
    entry: async (path): Promise<PathEntry> => {
      const { code, stdout } = await exec('stat', '-c', '%F|%a|%u', path);
      if (code !== 0) return { kind: 'absent' };
      const [type = '', mode = '', uid = ''] = stdout.trim().split('|');
      if (type === 'symbolic link')
        return { kind: 'link', to: (await strict('readlink', path)).trim() };
      if (!type.startsWith('regular')) return { kind: 'other' };
      return {
        kind: 'file',
        text: await strict('cat', path),
        mode: Number.parseInt(mode, 8),
        uid: Number(uid),
      };
    },
    stat: async (path): Promise<PathStat | null> => {
      const { code, stdout } = await exec('stat', '-c', '%F|%a|%u|%s', path);
      if (code !== 0) return null;
      const [type = '', mode = '', uid, bytes] = stdout.trim().split('|');
      const known = { directory: 'folder', socket: 'socket', 'symbolic link': 'link' } as const;
      return {
        type: type.startsWith('regular') ? 'file' : (known[type as keyof typeof known] ?? 'other'),
        mode: Number.parseInt(mode, 8),
        uid: Number(uid),
        bytes: Number(bytes),
      };
    },
    resolve: async (path) => {
      const { code, stdout } = await exec('realpath', '-e', path);
      return code === 0 ? stdout.trim() : null;
    },
    create: async (path, text, mode) => {
      const script = 'set -C; umask 077; printf %s "$2" > "$1" && chmod "$3" "$1"';
      const { code } = await exec('sh', '-c', script, 'sh', path, text, mode.toString(8));
      return code === 0;
    },
    freeBytes: async (path) => {
      const { code, stdout } = await exec('stat', '-f', '-c', '%a %S', path);
      const [blocks = 0, size = 0] = stdout.trim().split(' ').map(Number);
      return code === 0 ? blocks * size : null;
    },
    write: (path, text, mode) => target.writeFile(path, text, { owner: user.name, mode }),
    remove: async (path) => void (await strict('rm', '-f', path)),
    makeFolder: async (path, mode) =>
      void (await strict('mkdir', '-p', '-m', mode.toString(8), path)),
    tail: async (path, lines) => {
      const { stdout } = await exec('tail', '-n', String(lines), path);
      return stdout
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '');
    },
  };
}

/** Connects inside, prints the first line that comes, and says what kind of silence it was. */
const ASK = `
const socket = require('node:net').connect(process.argv[1]);
const end = (kind, line) => { console.log(JSON.stringify({ kind, line })); process.exit(0); };
socket.on('error', () => end('nobody'));
socket.on('close', () => end('nobody'));
setTimeout(() => end('silent'), 1500);
let text = '';
socket.on('data', (chunk) => { text += chunk; if (text.includes('\\n')) end('answers', text.split('\\n')[0]); });
`;

async function probeIn(
  target: Target,
  user: TargetUser,
  node: string,
  socket: string,
): Promise<ProbeAnswer> {
  const { stdout } = await target.exec([node, '-e', ASK, socket], { user: user.name });
  const { kind, line } = JSON.parse(stdout) as { kind: ProbeAnswer['kind']; line?: string };
  if (kind !== 'answers') return { kind };
  const { params } = JSON.parse(line ?? '') as {
    params: { pid: number; version: string; started_at: number };
  };
  return { kind, pid: params.pid, version: params.version, startedAtMs: params.started_at };
}

/** The installed paths of a user of the target. */
export function pathsIn(user: TargetUser) {
  return defaultPaths(user.home);
}
