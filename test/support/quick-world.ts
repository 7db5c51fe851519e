import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { defaultPaths } from '#config/paths.ts';
import { files } from '#node/files.ts';
import { VERSION } from '#protocol/version.ts';
import { backendOf, unitPathOf } from '#service/select.ts';
import {
  SERVICE_NAMES,
  type ManagerName,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';
import { FakeLaunchd } from './fake-launchd.ts';
import { FakeSystemd } from './fake-systemd.ts';
import type { ServiceWorld } from '../contract/service-world.ts';

/** A minute of waiting lasts about a second here. */
const HURRY = 50;

export interface QuickWorld extends ServiceWorld {
  fake: FakeSystemd | FakeLaunchd;
}

/** A machine with a fake manager and a daemon that is a shell script: a world in a few milliseconds. */
export async function openQuickWorld(manager: ManagerName): Promise<QuickWorld> {
  const home = await mkdtemp(`${tmpdir()}/heph-`);
  const uid = process.geteuid?.() ?? 0;
  const options = { home, uid, user: 'tester', timeScale: 1 / HURRY };
  const fake =
    manager === 'systemd'
      ? new FakeSystemd({ ...options, knobs: { startLimit: false } })
      : new FakeLaunchd(options);
  const daemon = `${home}/hephd`;
  await copyFile('fixtures/bin/stand-in', daemon);
  const spec: ServiceSpec = {
    name: SERVICE_NAMES[manager],
    home,
    uid,
    unitPath: unitPathOf(manager, home),
    program: [daemon, '--mode', 'local'],
    paths: defaultPaths(home),
    version: VERSION,
  };
  const startedMs = Date.now();
  const ports: ServicePorts = {
    run: fake.run,
    files,
    env: { HOME: home, XDG_RUNTIME_DIR: home },
    nowMs: () => startedMs + (Date.now() - startedMs) * HURRY,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.ceil(ms / HURRY))),
    pid: process.pid,
    isAlive: (pid) => pid === process.pid,
    probe: async () => {
      const pid = await lastStarted(spec);
      return pid === null || !exists(pid)
        ? { kind: 'nobody' }
        : { kind: 'answers', pid, version: VERSION, startedAtMs: startedMs };
    },
  };
  return {
    fake,
    spec,
    ports,
    backend: backendOf(manager, ports),
    signal: async (pid, signal) => void process.kill(pid, signal),
    behave: async () => undefined,
    [Symbol.asyncDispose]: async () => {
      await fake[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The stand-in says its pid in the log; whoever said it last is the one that would answer. */
async function lastStarted({ paths }: ServiceSpec): Promise<number | null> {
  const lines = await files.tail(paths.log, 20);
  const pid = lines.findLast((line) => line.startsWith('started '))?.split(' ')[1];
  return pid === undefined ? null : Number(pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
