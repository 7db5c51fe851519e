// Runs inside a target, as one of its users: what `service/` asks of the world,
// answered there by the same code as on a person's machine. One line of JSON a
// request, and one an answer, in whatever order they are ready.
import { createInterface } from 'node:readline';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { files } from '#node/files.ts';
import { runCommand } from '#node/run-command.ts';
import type { ProbeAnswer } from '#service/service.ts';
import { lineOf, type AgentReply, type AgentRequest } from './target-agent-protocol.ts';

const ANSWERS = {
  ...files,
  run: runCommand,
  probe: async (socket: string): Promise<ProbeAnswer> => {
    const greeting = await greetingOf(socketDialer(socket), socket);
    if (greeting.kind !== 'answers') return greeting;
    const { pid, version, started_at: startedAtMs } = greeting.hello;
    return { kind: 'answers', pid, version, startedAtMs };
  },
  signal: async (pid: number, signal: NodeJS.Signals) => process.kill(pid, signal),
} as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;

for await (const line of createInterface({ input: process.stdin })) {
  void answer(JSON.parse(line) as AgentRequest);
}

async function answer({ id, name, args }: AgentRequest): Promise<void> {
  const reply = await attempt(name, args);
  process.stdout.write(lineOf({ id, ...reply }));
}

async function attempt(name: string, args: unknown[]): Promise<Omit<AgentReply, 'id'>> {
  try {
    return { value: (await ANSWERS[name]?.(...args)) ?? null };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { error: { message, code: code ?? null } };
  }
}
