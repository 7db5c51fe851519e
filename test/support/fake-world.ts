import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { defaultPaths } from '#config/paths.ts';
import { files } from '#node/files.ts';
import { processes } from '#node/processes.ts';
import { runCommand } from '#node/run-command.ts';
import { VERSION } from '#protocol/version.ts';
import { backendOf, unitPathOf } from '#service/select.ts';
import {
  SERVICE_NAMES,
  type ManagerName,
  type ProbeAnswer,
  type RunCommand,
  type ServicePorts,
} from '#service/service.ts';
import type { ServiceWorld } from '../contract/service-world.ts';
import { FakeLaunchd } from './fake-launchd.ts';
import { FakeSystemd } from './fake-systemd.ts';
import { serveFake } from '../../fixtures/bin/fake-server.ts';

const PROGRAMS = fileURLToPath(new URL('../../fixtures/bin', import.meta.url));

/** A second in a unit or plist lasts this many. */
const TIME_SCALE = 0.05;

/** How a fake manager is spoken to: as an object, or through the programs in `fixtures/bin`. */
export type FakeKind = 'port' | 'programs';

/** A fake manager that really runs its daemons, here the stand-in for hephd. */
export async function openFakeWorld(manager: ManagerName, kind: FakeKind): Promise<ServiceWorld> {
  const home = await mkdtemp(`${tmpdir()}/heph-`);
  const uid = process.geteuid?.() ?? 0;
  const options = { home, uid, user: 'tester', timeScale: TIME_SCALE };
  // Daemons take as long as ever to start, so the limit on starts keeps real seconds.
  const fake =
    manager === 'systemd'
      ? new FakeSystemd({ ...options, startLimitScale: 1 })
      : new FakeLaunchd(options);
  const socket = `${home}/manager.sock`;
  const server = kind === 'programs' ? await serveFake(fake, socket) : null;
  const run = server === null ? fake.run : throughPrograms(home, socket);
  const daemon = `${home}/hephd`;
  await copyFile('fixtures/daemons/hephd', daemon);
  const ports = portsOf(run, home);
  return {
    spec: {
      name: SERVICE_NAMES[manager],
      home,
      uid,
      unitPath: unitPathOf(manager, home),
      program: [daemon, '--mode', 'local'],
      paths: defaultPaths(home),
      version: VERSION,
    },
    ports,
    backend: backendOf(manager, ports),
    signal: async (pid, signal) => void process.kill(pid, signal),
    behave: (behaviour) => writeFile(`${home}/behaviour`, behaviour),
    [Symbol.asyncDispose]: async () => {
      await fake[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The real command runner: nothing but PATH and HOME differs from a person's machine. */
function throughPrograms(home: string, socket: string): RunCommand {
  const env = {
    HOME: home,
    PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}`,
    HEPH_FAKE_MANAGER: socket,
  };
  return (program, args, { limitMs, env: more }) =>
    runCommand(program, args, { limitMs, env: { ...env, ...more } });
}

function portsOf(run: RunCommand, home: string): ServicePorts {
  return {
    run,
    files,
    env: { HOME: home, XDG_RUNTIME_DIR: home },
    nowMs: () => Date.now(),
    ...processes,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    probe: async (socket): Promise<ProbeAnswer> => {
      const greeting = await greetingOf(socketDialer(socket), socket);
      if (greeting.kind !== 'answers') return greeting;
      const { pid, version, started_at: startedAtMs } = greeting.hello;
      return { kind: 'answers', pid, version, startedAtMs };
    },
  };
}
