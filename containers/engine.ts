/**
 * Gives the container tests an engine: the one that answers, or one of our own on a bare Debian.
 *
 *     node containers/engine.ts up|down|status
 *
 * The engine lives outside the checkout, so that every clone shares it and its images.
 */
import { existsSync } from 'node:fs';
import { installPackages } from './apt.ts';
import { answers, dockerd } from './dockerd.ts';
import { exclusively } from './lock.ts';
import { isInstalled, messageOf, run, say } from './run.ts';

export interface Engine {
  /** What DOCKER_HOST has to be; undefined where clients find the engine by themselves. */
  dockerHost: string | undefined;
  /** All that Testcontainers has to find in the environment. */
  env: Record<string, string>;
}

/** Finds or starts an engine; quick when it runs, and safe to call from several processes. */
export async function ensureEngine(): Promise<Engine> {
  // `||` on purpose: to docker, an empty DOCKER_HOST is none.
  const configured = process.env.DOCKER_HOST || undefined;
  try {
    if (await answers(configured)) return engineAt(configured ?? (await hostOfContext()));
    if (configured !== undefined && configured !== dockerd.host) {
      throw new Error(`nothing answers at DOCKER_HOST=${configured}; start it there, or unset it`);
    }
    if (await answers(dockerd.host)) return engineAt(dockerd.host);
    assertSupported();
    await using _ = await exclusively('engine');
    if (await answers(dockerd.host)) return engineAt(dockerd.host);
    await installMissing();
    // Where an init system is in charge, Debian starts its own as it is installed.
    if (await answers(undefined)) return engineAt(await hostOfContext());
    await dockerd.start();
    return engineAt(dockerd.host);
  } catch (error) {
    throw new Error(`cannot start a container engine: ${messageOf(error)}`, { cause: error });
  }
}

function engineAt(dockerHost: string | undefined): Engine {
  const env = {
    // The image of its reaper cannot be pulled everywhere; a target removes itself.
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    // On a machine made from a container image it would look for the engine's bridge, which ours
    // has not got. A target has no ports, so the host's name is never used.
    TESTCONTAINERS_HOST_OVERRIDE: 'localhost',
  };
  return { dockerHost, env: dockerHost === undefined ? env : { ...env, DOCKER_HOST: dockerHost } };
}

/** Testcontainers does not read the client's contexts, so a socket chosen there is passed on. */
async function hostOfContext(): Promise<string | undefined> {
  const template = '{{.Endpoints.docker.Host}}';
  const found = await run('docker', ['context', 'inspect', '--format', template]);
  const host = found.stdout.toString().trim();
  return host.startsWith('unix://') ? host : undefined;
}

function assertSupported(): void {
  const advice = 'start Docker, or anything that makes `docker info` answer';
  if (process.platform !== 'linux') throw new Error(`none is running; ${advice}`);
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(`none is running, and only Debian's can be installed from here; ${advice}`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`none is running, and starting one takes root; ${advice}, or run this as root`);
  }
}

async function installMissing(): Promise<void> {
  const packages = { dockerd: 'docker.io', iptables: 'iptables', mmdebstrap: 'mmdebstrap' };
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages)) {
    if (!(await isInstalled(program))) missing.push(name);
  }
  if (missing.length > 0) await installPackages(missing);
  // From trixie on, Debian has the client in a package of its own.
  if (!(await isInstalled('docker'))) await installPackages(['docker-cli']);
}

async function up(): Promise<void> {
  const { dockerHost } = await ensureEngine();
  if (dockerHost !== undefined) process.stdout.write(`DOCKER_HOST=${dockerHost}\n`);
}

/** Stops the engine that `up` started, and no other. */
async function down(): Promise<void> {
  await using _ = await exclusively('engine');
  await dockerd.stop();
}

async function status(): Promise<void> {
  const pid = await dockerd.pid();
  if (pid !== undefined) return say(`our engine runs, process ${pid}, at ${dockerd.host}`);
  const other = await answers(undefined);
  say(other ? 'an engine runs that is not ours' : 'no engine runs');
  if (!other) process.exitCode = 1;
}

if (import.meta.main) {
  const verbs: Record<string, () => Promise<void>> = { up, down, status };
  const verb = verbs[process.argv[2] ?? ''];
  try {
    if (!verb) throw new Error('usage: node containers/engine.ts up|down|status');
    await verb();
  } catch (error) {
    say(messageOf(error));
    process.exitCode = 1;
  }
}
