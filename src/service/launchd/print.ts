import type { Activity, LastExit } from '#service/service.ts';

/** What `launchctl print` says of a service: its outermost fields and its arguments. */
export interface Printed {
  fields: Readonly<Record<string, string>>;
  arguments: string[];
}

/**
 * Read only the fields of the outermost block, which are indented by one tab:
 * blocks inside have a `state` of their own. The format is not an interface, so
 * nothing is taken for granted.
 */
export function parsePrint(stdout: string): Printed {
  const fields: Record<string, string> = {};
  const program: string[] = [];
  let block = '';
  for (const line of stdout.split('\n')) {
    const field = /^\t([^\t=][^=]*?) = (.*)$/.exec(line);
    if (field?.[1] !== undefined) {
      block = field[2] === '{' ? field[1] : '';
      fields[field[1]] ??= field[2] ?? '';
    } else if (block === 'arguments' && line.startsWith('\t\t')) {
      program.push(line.slice(2));
    }
  }
  return { fields, arguments: program };
}

/** An unknown state is taken for one that passes, never for "stopped". */
export function activityOf({ fields }: Printed): Activity {
  const pid = fields['pid'] === undefined ? null : Number(fields['pid']);
  switch (fields['state']) {
    case 'running':
      return pid === null ? { state: 'starting', pid } : { state: 'running', pid };
    case 'spawn scheduled':
    case 'waiting':
      return { state: 'respawning' };
    case 'spawn failed':
      return { state: 'failed' };
    case 'not running':
      return { state: 'stopped' };
    default:
      return { state: 'starting', pid };
  }
}

export function lastExitOf({ fields }: Printed): LastExit | null {
  if (fields['pid'] !== undefined) return null;
  const code = /^-?\d+/.exec(fields['last exit code'] ?? '')?.[0];
  return code === undefined ? null : { code: Number(code), signal: null };
}

/** Runs are starts; the first is none again. */
export function restartsOf({ fields }: Printed): number | null {
  return fields['runs'] === undefined ? null : Math.max(0, Number(fields['runs']) - 1);
}
