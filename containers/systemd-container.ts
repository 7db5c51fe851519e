import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { GenericContainer, Wait, getContainerRuntimeClient } from 'testcontainers';
import type { StartedTestContainer, WaitStrategy } from 'testcontainers';
import { execIn } from './exec.ts';
import type { Client, DockerContainer } from './exec.ts';

export interface Bind {
  source: string;
  target: string;
  mode?: 'ro' | 'rw';
}

export interface Booted {
  started: StartedTestContainer;
  container: DockerContainer;
}

/** Boots an image with systemd as PID 1. When that fails, the container is removed all the same. */
export async function boot(image: string, binds: Bind[] = []): Promise<Booted> {
  const client = await getContainerRuntimeClient();
  await sweep(client);
  const { SecurityOptions = [] }: { SecurityOptions?: string[] } =
    await client.container.dockerode.info();
  const definition = new SystemdContainer(image)
    .withBindMounts(binds)
    .withLabels({ [ownerLabel]: await owner() });
  if (SecurityOptions.some((option) => option.includes('apparmor'))) {
    // Its default profile forbids the mounts with which systemd begins.
    definition.withSecurityOpt('apparmor=unconfined');
  }
  try {
    const started = await definition.start();
    return { started, container: client.container.getById(started.getId()) };
  } catch (error) {
    if (definition.id !== undefined) await removed(client.container.getById(definition.id));
    throw new Error(`${image} did not boot`, { cause: error });
  }
}

/** Gone is gone: Testcontainers removes what did not get ready. */
export async function removed(container: DockerContainer): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
  });
}

/** What the console and the journal say. */
export async function logsOf(container: DockerContainer): Promise<string> {
  const console = container.logs({ stdout: true, stderr: true, follow: false, tail: 200 });
  const argv = ['journalctl', '--no-pager', '--lines=300'];
  const whole = { user: 'root', env: [], cwd: '/', stdin: undefined, timeoutMs: 10_000 };
  const parts = await Promise.allSettled([
    console.then(plainText),
    execIn(container, { argv, ...whole }).then(({ stdout, stderr }) => stdout + stderr),
  ]);
  return parts
    .map((part) => String(part.status === 'fulfilled' ? part.value : part.reason))
    .join('\n');
}

/**
 * Privileged mode is refused where the machine itself lacks a capability; this is what systemd needs
 * of it. Tmpfs as on a real machine: docker's own default would forbid running programs in /tmp.
 */
class SystemdContainer extends GenericContainer {
  id: string | undefined;

  constructor(image: string) {
    super(image);
    // Testcontainers has no setter for this; on a cgroup v1 machine docker would share its own.
    Object.assign(this.hostConfig, { CgroupnsMode: 'private' });
    this.withAddedCapabilities('SYS_ADMIN')
      .withNetworkMode('none')
      .withTmpFs({ '/run': 'rw,exec,mode=755', '/run/lock': 'rw', '/tmp': 'rw,exec,mode=1777' })
      // Before systemd 248 only this tells it of the container; it would halt like a real machine
      // then, and leave the file system read-only for the next boot.
      .withEnvironment({ container: 'docker' })
      .withCommand(['sh', '-c', 'mount -o remount,rw /sys/fs/cgroup; exec /sbin/init'])
      .withAutoCleanup(false)
      .withWaitStrategy(
        explained(
          Wait.forSuccessfulCommand(
            'systemctl is-system-running | grep -qxE "running|degraded"',
          ).withStartupTimeout(60_000),
        ),
      );
  }

  protected override containerCreated(id: string): Promise<void> {
    this.id = id;
    return Promise.resolve();
  }
}

/** A container that does not get ready is removed at once, and its journal with it: this asks before. */
function explained(strategy: WaitStrategy): WaitStrategy {
  const waitUntilReady = strategy.waitUntilReady.bind(strategy);
  strategy.waitUntilReady = async (container: DockerContainer, ...rest) => {
    try {
      await waitUntilReady(container, ...rest);
    } catch (error) {
      throw new Error(`systemd did not get ready:\n${await logsOf(container)}`, { cause: error });
    }
  };
  return strategy;
}

const ownerLabel = 'heph.target.owner';

/** Names this process to others that look for what it left behind. A pid alone says too little. */
async function owner(pid: number = process.pid): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => 'none');
  return `${hostname()} ${namespace} ${pid}`;
}

/**
 * Removes the containers of processes that died before they could. Testcontainers has a container
 * of its own for that, whose image cannot be pulled everywhere.
 */
async function sweep({ container: { dockerode } }: Client): Promise<void> {
  const found = await dockerode.listContainers({ all: true, filters: { label: [ownerLabel] } });
  for (const { Id, Labels } of found) {
    const label = Labels[ownerLabel] ?? '';
    const pid = Number(label.split(' ').at(-1));
    if (label !== (await owner(pid)) || isAlive(pid)) continue;
    // Another process may be sweeping the same one.
    await removed(dockerode.getContainer(Id)).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Docker puts eight bytes before every piece of a log: stream, and length. */
function plainText(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4)) {
    pieces.push(log.subarray(at + 8, at + 8 + log.readUInt32BE(at + 4)));
  }
  return Buffer.concat(pieces).toString();
}
