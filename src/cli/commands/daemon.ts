import type { Context, Input, RunCommandLine } from '#cli/command.ts';
import { EXIT } from '#cli/fail.ts';
import { noteOverrides } from '#cli/note-overrides.ts';
import { printReport, printStatus } from '#cli/print/service.ts';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { defaultPaths, socketPathProblem } from '#config/paths.ts';
import { serviceManagerOverride } from '#config/service-manager.ts';
import { files } from '#node/files.ts';
import { runCommand } from '#node/run-command.ts';
import { VERSION } from '#protocol/version.ts';
import { daemonCommand } from '#service/executable.ts';
import { foreignPid, type Verb } from '#service/plan.ts';
import { reconcile } from '#service/reconcile.ts';
import { backendOf, managerOf, unitPathOf } from '#service/select.ts';
import {
  SERVICE_NAMES,
  ServiceError,
  type ManagerName,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';
import { blindStatus, look, statusOf } from '#service/status.ts';

/** All five verbs: the composition root of `service/`. */
export const run: RunCommandLine = async (input, context) => {
  const { invocation } = context;
  noteOverrides(context);
  const manager = managerOf(invocation.platform, serviceManagerOverride(invocation.env));
  const spec = await specOf(context, manager);
  const ports = portsOf(context);
  const backend = backendOf(manager, ports);
  const verb = verbOf(input);
  if (verb === 'status') return printStatusOf(context, spec, backend, ports);
  const isDryRun = input.flag('dry-run');
  const report = await reconcile(verb, spec, backend, ports, { isDryRun });
  printReport(context, report, { isDryRun });
  return EXIT.done;
};

function verbOf(input: Input): Verb | 'status' {
  return input.command.path[1] as Verb | 'status';
}

async function printStatusOf(
  context: Context,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<number> {
  try {
    const sighting = await look(spec, backend, ports);
    const status = await statusOf(sighting, spec, backend, ports);
    printStatus(context, status);
    if (status.healthy) return EXIT.done;
    return status.running || foreignPid(sighting) !== null ? EXIT.failed : EXIT.noDaemon;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.kind !== 'unreachable') throw error;
    printStatus(context, await blindStatus(spec, error, ports));
    return EXIT.cannotTell;
  }
}

async function specOf({ invocation }: Context, manager: ManagerName): Promise<ServiceSpec> {
  const { home, program, uid, user } = invocation;
  const paths = defaultPaths(home);
  const problem = socketPathProblem(paths.socket);
  if (problem !== null)
    throw new ServiceError('refused', `cannot use ${paths.socket} as a socket: ${problem}`);
  const current = `${paths.dataDir}/current`;
  const isInstalled =
    program.script === null && program.executable.startsWith(`${paths.dataDir}/versions/`);
  const command = daemonCommand(program, isInstalled ? current : null);
  return {
    name: SERVICE_NAMES[manager],
    home,
    user,
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
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    probe: async (socket) => {
      const greeting = await greetingOf(socketDialer(socket), socket);
      if (greeting.kind !== 'answers') return greeting;
      const { pid, version, started_at: startedAtMs } = greeting.hello;
      return { kind: 'answers', pid, version, startedAtMs };
    },
  };
}
