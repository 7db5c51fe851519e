import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { output, run, say } from './run.ts';

// Short, because the path of a Unix socket may have little more than a hundred bytes.
const runDir = '/run/heph-engine';
const cacheDir = '/var/cache/heph-engine';
const pidFile = path.join(runDir, 'dockerd.pid');
const logFile = path.join(cacheDir, 'dockerd.log');

/**
 * A docker daemon of our own, in a mount namespace of its own, without a bridge and without firewall
 * rules: to the machine it is one process and two folders. Callers hold the lock `engine`.
 */
export const dockerd = {
  host: `unix://${path.join(runDir, 'docker.sock')}`,
  pid: () => pidOf(pidFile, 'dockerd'),
  start,
  stop,
};

/** Whether an engine answers there, or by default where the client finds one. */
export async function answers(host: string | undefined): Promise<boolean> {
  const info = await run('docker', ['info', '--format', '{{.ServerVersion}}'], {
    timeoutMs: 10_000,
    ...(host === undefined ? {} : { env: { DOCKER_HOST: host } }),
  });
  // Old clients report an unreachable daemon with exit code 0 and an empty line.
  return info.code === 0 && info.stdout.toString().trim() !== '';
}

async function start(): Promise<void> {
  const running = await dockerd.pid();
  if (running !== undefined) {
    throw new Error(`process ${running} runs but does not answer; see ${logFile}, or run \`down\``);
  }
  await forgetStalePids();
  await mkdir(runDir, { recursive: true, mode: 0o755 });
  await mkdir(cacheDir, { recursive: true, mode: 0o711 });
  say(`starting dockerd in a mount namespace of its own, log in ${logFile}`);
  const inside = path.join(import.meta.dirname, 'engine-namespace.ts');
  const options = [
    `--pidfile=${pidFile}`,
    `--data-root=${path.join(cacheDir, 'data')}`,
    `--exec-root=${path.join(runDir, 'exec')}`,
    '--storage-driver=overlay2',
    '--bridge=none',
    '--iptables=false',
  ];
  const program = ['dockerd', '-H', dockerd.host, ...options];
  const pid = await output('unshare', ['-m', process.execPath, inside, logFile, ...program]);
  await untilAnswering(Number(pid));
  say(`the engine is up, process ${pid}`);
}

async function stop(): Promise<void> {
  const pid = await dockerd.pid();
  if (pid === undefined) return say('no engine of ours is running');
  say(`stopping the engine, process ${pid}`);
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 60_000;
  while ((await dockerd.pid()) === pid) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there after a minute`);
    await sleep(100);
  }
  say('stopped');
}

async function untilAnswering(pid: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await answers(dockerd.host))) {
    const alive = (await commandLine(pid)).length > 0;
    if (!alive || Date.now() > deadline) {
      const log = await readFile(logFile, 'utf8').catch(() => '');
      const end = log.trim().split('\n').slice(-8).join('\n');
      throw new Error(`dockerd ${alive ? 'does not answer' : 'ended'}; its last words:\n${end}`);
    }
    await sleep(100);
  }
}

/** Without a tmpfs on /run a pid file outlives a reboot, and dockerd believes in any live pid. */
async function forgetStalePids(): Promise<void> {
  await rm(pidFile, { force: true });
  const containerd = path.join(runDir, 'exec/containerd/containerd.pid');
  if ((await pidOf(containerd, 'containerd')) === undefined) await rm(containerd, { force: true });
}

/** The process that a pid file names, provided that it still is the program which wrote it. */
async function pidOf(file: string, program: string): Promise<number | undefined> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const [name = '', ...args] = await commandLine(pid);
  const isOurs = path.basename(name) === program && args.some((arg) => arg.includes(runDir));
  return isOurs ? pid : undefined;
}

/** Empty for a process that is gone, and for one that is dead and only not yet reaped. */
async function commandLine(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').filter((word) => word !== '');
}
