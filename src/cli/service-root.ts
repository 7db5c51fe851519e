import type { Context } from '#cli/command.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { defaultPaths, socketPathProblem } from '#config/paths.ts';
import { serviceManagerOverride } from '#config/service-manager.ts';
import { files } from '#node/files.ts';
import { processes } from '#node/processes.ts';
import { runCommand } from '#node/run-command.ts';
import { VERSION } from '#protocol/version.ts';
import { daemonCommand, stablePath } from '#service/executable.ts';
import { backendOf, managerOf, unitPathOf } from '#service/select.ts';
import {
  SERVICE_NAMES,
  ServiceError,
  type ManagerName,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/** The installed service, and all that is needed to manage it. */
export interface ServiceRoot {
  spec: ServiceSpec;
  ports: ServicePorts;
  backend: ServiceBackend;
}

/** Where `service/` meets this process: the composition root of every command that has to do with it. */
export async function serviceRoot(context: Context): Promise<ServiceRoot> {
  const { invocation } = context;
  const manager = managerOf(invocation.platform, serviceManagerOverride(invocation.env));
  const ports = portsOf(context);
  return { spec: await specOf(context, manager), ports, backend: backendOf(manager, ports) };
}

async function specOf({ invocation }: Context, manager: ManagerName): Promise<ServiceSpec> {
  const { home, program, uid } = invocation;
  const paths = defaultPaths(home);
  const problem = socketPathProblem(paths.socket);
  if (problem !== null)
    throw new ServiceError('refused', `cannot use ${paths.socket} as a socket: ${problem}`);
  const dataDir = (await files.resolve(paths.dataDir)) ?? paths.dataDir;
  const isInstalled =
    program.script === null && program.executable.startsWith(`${dataDir}/versions/`);
  const words = daemonCommand(program, isInstalled ? `${paths.dataDir}/launcher/hephd` : null);
  const command = await Promise.all(
    words.map(async (word) =>
      word.startsWith('/') ? stablePath(word, home, (path) => files.resolve(path)) : word,
    ),
  );
  return {
    name: SERVICE_NAMES[manager],
    home,
    uid,
    unitPath: unitPathOf(manager, home),
    program: command,
    paths,
    version: VERSION,
  };
}

function portsOf({ invocation }: Context): ServicePorts {
  return {
    run: runCommand,
    files,
    env: invocation.env,
    nowMs: () => Date.now(),
    ...processes,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    probe: async (socket) => {
      const greeting = await greetingOf(socketDialer(socket), socket);
      if (greeting.kind !== 'answers') return greeting;
      const { pid, version, started_at: startedAtMs } = greeting.hello;
      return { kind: 'answers', pid, version, startedAtMs };
    },
  };
}
