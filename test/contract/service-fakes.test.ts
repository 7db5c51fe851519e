import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { defaultPaths } from '#config/paths.ts';
import { files } from '#node/files.ts';
import { processes } from '#node/processes.ts';
import { VERSION } from '#protocol/version.ts';
import { backendOf, unitPathOf } from '#service/select.ts';
import {
  SERVICE_NAMES,
  type ManagerName,
  type ProbeAnswer,
  type RunCommand,
  type ServicePorts,
} from '#service/service.ts';
import { FakeLaunchd } from '../support/fake-launchd.ts';
import { FakeSystemd } from '../support/fake-systemd.ts';
import { serviceSuite } from './service.ts';
import type { ServiceWorld } from './service-world.ts';

/** A second in a unit or plist lasts this many. */
const TIME_SCALE = 0.05;

async function open(manager: ManagerName): Promise<ServiceWorld> {
  const home = await mkdtemp(`${tmpdir()}/heph-`);
  const uid = process.geteuid?.() ?? 0;
  const options = { home, uid, user: 'tester', timeScale: TIME_SCALE };
  // Daemons take as long as ever to start, so the limit on starts keeps real seconds.
  const fake =
    manager === 'systemd'
      ? new FakeSystemd({ ...options, startLimitScale: 1 })
      : new FakeLaunchd(options);
  const daemon = `${home}/hephd.mjs`;
  await copyFile('fixtures/daemons/hephd.mjs', daemon);
  const ports = portsOf(fake.run, home);
  return {
    spec: {
      name: SERVICE_NAMES[manager],
      home,
      uid,
      unitPath: unitPathOf(manager, home),
      program: [process.execPath, daemon, '--mode', 'local'],
      paths: defaultPaths(home),
      version: VERSION,
    },
    ports,
    backend: backendOf(manager, ports),
    signal: async (pid, signal) => void process.kill(pid, signal),
    behave: (behaviour) => writeFile(`${home}/behaviour`, behaviour),
    [Symbol.asyncDispose]: async () => {
      await fake[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
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

serviceSuite('the fake systemd', 'systemd', () => open('systemd'));
serviceSuite('the fake launchd', 'launchd', () => open('launchd'));
