import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import type { ManagerName } from '#service/service.ts';
import type { Status } from '#service/status.ts';
import { startFakeManager, type FakeManager } from './fake-manager.ts';
import { builds } from './heph.ts';

/** The compiled client where there is one, with its neighbour as the daemon; else the tree's. */
export const installed = builds.at(-1)?.command ?? (['heph'] as const);

/** A home with a fake service manager first on PATH: all of heph runs there as its user runs it. */
export interface Machine extends AsyncDisposable {
  home: string;
  manager: FakeManager;
  heph(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ code: number | undefined; stdout: string; stderr: string }>;
  status(): Promise<Status>;
}

export async function openMachine(kind: ManagerName): Promise<Machine> {
  const home = await mkdtemp(`${tmpdir()}/heph-`);
  return machineWith(kind, home, installed);
}

/** As {@link openMachine}, with an artefact installed in that home as its user would, by its install.sh. */
export async function openInstalledMachine(kind: ManagerName, artefact: string): Promise<Machine> {
  const home = await realpath(await mkdtemp(`${tmpdir()}/heph-`));
  await execa(`${artefact}/install.sh`, { env: { HOME: home } });
  return machineWith(kind, home, [`${home}/.local/bin/heph`]);
}

async function machineWith(
  kind: ManagerName,
  home: string,
  [program, ...words]: readonly [string, ...string[]],
): Promise<Machine> {
  const manager = await startFakeManager({ kind, home, timeScale: 0.1 });
  const heph: Machine['heph'] = async (args, env = {}) => {
    const { exitCode, stdout, stderr } = await execa(program, [...words, ...args], {
      env: { ...manager.env, HOME: home, HEPH_SERVICE_MANAGER: kind, ...env },
      reject: false,
    });
    return { code: exitCode, stdout, stderr };
  };
  return {
    home,
    manager,
    heph,
    status: async () => JSON.parse((await heph(['daemon', 'status', '--json'])).stdout) as Status,
    [Symbol.asyncDispose]: async () => {
      await manager[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}
