import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Control, FakeReply } from '../../fixtures/bin/fake-protocol.ts';
import type { LaunchdKnobs } from './fake-launchd-knobs.ts';
import type { Call } from './fake-program.ts';
import type { SystemdKnobs } from './fake-systemd-knobs.ts';

const BIN = fileURLToPath(new URL('../../fixtures/bin', import.meta.url));

export interface FakeManagerOptions {
  kind: 'systemd' | 'launchd';
  home: string;
  /** What a second in a unit or plist is worth. */
  timeScale?: number;
  /** More of what services find in their environment. */
  env?: Readonly<Record<string, string>>;
  systemdVersion?: number;
}

/** A fake service manager in a process of its own, for the programs in `fixtures/bin`. */
export interface FakeManager extends AsyncDisposable {
  /** For a program under test: `systemctl`, `loginctl` and `launchctl` are then the fakes. */
  env: { PATH: string; HEPH_FAKE_MANAGER: string };
  /** Changes the knobs that it names. */
  setKnobs(knobs: Partial<SystemdKnobs> | Partial<LaunchdKnobs>): Promise<void>;
  /** Every call so far. */
  calls(): Promise<readonly Call[]>;
  login(): Promise<void>;
  logout(): Promise<void>;
  preload(domain: 'gui' | 'user', path: string): Promise<void>;
}

/** Start a fake manager. Disposing it ends it, and whatever it started. */
export async function startFakeManager(options: FakeManagerOptions): Promise<FakeManager> {
  const folder = mkdtempSync(join(tmpdir(), 'heph-fake-'));
  const socket = join(folder, 'manager.sock');
  const child = spawn(process.execPath, commandLine(options, socket), {
    // Its scripts are many; their types are taken out once.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'heph-fakes-cache'), ...process.env },
    // It ends with its input, so that it does not outlive a test run that is killed.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('the fake manager ended before it was ready'))),
  ]);
  const send = (request: Control) => ask(socket, request);
  return {
    env: {
      PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
      HEPH_FAKE_MANAGER: socket,
    },
    setKnobs: async (knobs) => void (await send({ do: 'set-knobs', knobs: { ...knobs } })),
    calls: async () => {
      const reply = await send({ do: 'calls' });
      return reply.kind === 'calls' ? reply.calls : [];
    },
    login: async () => void (await send({ do: 'login' })),
    logout: async () => void (await send({ do: 'logout' })),
    preload: async (domain, path) => void (await send({ do: 'preload', domain, path })),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandLine(options: FakeManagerOptions, socket: string): string[] {
  const { kind, home, timeScale = 1, systemdVersion = 257, env = {} } = options;
  return [
    join(BIN, 'fake-manager.ts'),
    `--kind=${kind}`,
    `--home=${home}`,
    `--socket=${socket}`,
    `--time-scale=${timeScale}`,
    `--systemd-version=${systemdVersion}`,
    '--while-stdin',
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
  ];
}

async function ask(path: string, request: Control): Promise<FakeReply> {
  const socket = connect(path);
  socket.write(`${JSON.stringify(request)}\n`);
  const reply = JSON.parse(await text(socket)) as FakeReply;
  if (reply.kind === 'error') throw new Error(reply.message);
  return reply;
}
