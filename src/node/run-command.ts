import { execa } from 'execa';
import type { RunCommand } from '#service/service.ts';

/** What a manager may print before it is cut off. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/** Runs programs for real. */
export const runCommand: RunCommand = async (program, args, { limitMs, env = {}, signal }) => {
  const { taken, added } = split(env);
  const base = Object.fromEntries(Object.entries(process.env).filter(([name]) => !taken.has(name)));
  const result = await execa(program, args, {
    env: { ...base, ...added },
    extendEnv: false,
    reject: false,
    timeout: limitMs,
    ...(signal ? { cancelSignal: signal } : {}),
    forceKillAfterDelay: 1000,
    stdin: 'ignore',
    maxBuffer: OUTPUT_BYTES_MAX,
    stripFinalNewline: false,
  });
  if (result.timedOut) return { kind: 'timeout', limitMs };
  if (result.code === 'ENOENT' || result.code === 'ENOTDIR') return { kind: 'missing' };
  if (result.exitCode === undefined && result.signal === undefined) {
    return { kind: 'exited', code: 126, stdout: '', stderr: result.shortMessage ?? '' };
  }
  return {
    kind: 'exited',
    code: result.exitCode ?? 128,
    stdout: result.stdout,
    stderr: result.stderr,
  };
};

function split(env: Readonly<Record<string, string | null>>) {
  const taken = new Set(Object.keys(env).filter((name) => env[name] === null));
  const added = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== null);
  return { taken, added: Object.fromEntries(added) };
}
