import type { Activity, LastExit } from '#service/service.ts';

/** What `launchctl print` says of a service: its outermost fields and its arguments. */
export interface Printed {
  fields: Readonly<Record<string, string>>;
  arguments: string[];
}

/**
 * Read only the fields of the outermost block, which are indented by one tab:
 * blocks inside have a `state` of their own. The format is not an interface, so
 * nothing is taken for granted: a field that is there twice, with two values,
 * says nothing.
 */
export function parsePrint(stdout: string): Printed {
  const fields = new Map<string, string | null>();
  const program: string[] = [];
  let block = '';
  for (const line of stdout.split('\n')) {
    const [, name, value] = /^\t([^\t=][^=]*?) = (.*)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      block = value === '{' ? name : '';
      fields.set(name, fields.has(name) && fields.get(name) !== value ? null : value);
    } else if (block === 'arguments' && line.startsWith('\t\t')) {
      program.push(line.slice(2));
    }
  }
  const told = [...fields].filter((pair): pair is [string, string] => pair[1] !== null);
  return { fields: Object.fromEntries(told), arguments: program };
}

/** An unknown state is taken for one that passes, never for "stopped". */
export function activityOf({ fields }: Printed): Activity {
  const pid = /^\d+$/.test(fields['pid'] ?? '') ? Number(fields['pid']) : null;
  switch (fields['state']) {
    case 'running':
      return pid === null ? { state: 'starting', pid } : { state: 'running', pid };
    case 'spawn scheduled':
    case 'waiting':
    // launchd never gives up: it throttles, and tries again.
    case 'spawn failed':
      return { state: 'respawning' };
    case 'not running':
      return { state: 'idle' };
    default:
      return { state: 'starting', pid };
  }
}

/** How the last process ended; null while one runs, or before the first. */
export function lastExitOf({ fields }: Printed): LastExit | null {
  if (fields['pid'] !== undefined) return null;
  const signal = /.: (\d+)$/.exec(fields['last terminating signal'] ?? '')?.[1];
  if (signal !== undefined) return { code: null, signal: SIGNALS[signal] ?? `signal ${signal}` };
  const code = /^-?\d+/.exec(fields['last exit code'] ?? '')?.[0];
  return code === undefined ? null : { code: Number(code), signal: null };
}

/** macOS's numbers, of the signals that end a daemon. */
const SIGNALS: Readonly<Record<string, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  9: 'SIGKILL',
  10: 'SIGBUS',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** Runs are starts; the first is none again. */
export function restartsOf({ fields }: Printed): number | null {
  const runs = fields['runs'] ?? '';
  return /^\d+$/.test(runs) ? Math.max(0, Number(runs) - 1) : null;
}

/** What is to be found in `print` when launchd works from a text like the wanted one. */
export interface Wanted {
  program: readonly string[];
  log: string;
  exitTimeoutS: number;
  throttleS: number;
}

/**
 * Whether launchd works from another text than the wanted one: it remembers what
 * it once read. Only what it does print can differ.
 */
export function isOutdated({ fields, arguments: program }: Printed, wanted: Wanted): boolean {
  const differs = (name: string, value: string) =>
    fields[name] !== undefined && fields[name] !== value;
  return (
    (program.length > 0 && program.join('\0') !== wanted.program.join('\0')) ||
    differs('stdout path', wanted.log) ||
    differs('stderr path', wanted.log) ||
    differs('exit timeout', String(wanted.exitTimeoutS)) ||
    differs('minimum runtime', String(wanted.throttleS)) ||
    (fields['properties'] !== undefined && !fields['properties'].includes('keepalive')) ||
    // The program was replaced, and launchd keeps to the code it knows.
    fields['needs LWCR update'] !== undefined
  );
}
