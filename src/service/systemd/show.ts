import type { Activity, LastExit } from '#service/service.ts';

/** What is asked of `systemctl show`; it answers in an order of its own. */
export const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
  'NeedDaemonReload',
  'MainPID',
  'NRestarts',
  'ExecMainCode',
  'ExecMainStatus',
] as const;
type Property = (typeof PROPERTIES)[number];
export type Shown = Readonly<Partial<Record<Property, string>>>;

/** `Name=value` lines to a record; what was not asked for is left out. */
export function parseShow(stdout: string): Shown {
  const shown: Partial<Record<Property, string>> = {};
  for (const line of stdout.split('\n')) {
    const at = line.indexOf('=');
    const name = PROPERTIES.find((property) => property === line.slice(0, at));
    if (name) shown[name] = line.slice(at + 1);
  }
  return shown;
}

export function activityOf(shown: Shown): Activity {
  const pid = Number(shown.MainPID ?? 0);
  switch (shown.ActiveState) {
    case 'active':
    case 'reloading':
      return { state: 'running', pid };
    case 'activating':
      if (shown.SubState?.startsWith('auto-restart') === true) return { state: 'respawning' };
      return { state: 'starting', pid: pid || null };
    case 'deactivating':
      return { state: 'stopping', pid: pid || null };
    case 'failed':
      return { state: 'failed' };
    default:
      return { state: 'stopped' };
  }
}

/** How the last process ended; null while one runs, or before the first. */
export function lastExitOf(shown: Shown): LastExit | null {
  const status = Number(shown.ExecMainStatus ?? 0);
  // waitid's codes: exited, killed, dumped core.
  if (shown.ExecMainCode === '1') return { code: status, signal: null };
  if (shown.ExecMainCode === '2' || shown.ExecMainCode === '3') {
    return { code: null, signal: SIGNALS[status] ?? `signal ${status}` };
  }
  return null;
}

/** The same on every system that has systemd. */
const SIGNALS: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  6: 'SIGABRT',
  7: 'SIGBUS',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** Why the manager will not run the unit, in its own words; null when it would. */
export function refusalOf(shown: Shown): string | null {
  switch (shown.LoadState) {
    case 'masked':
      return 'it is masked';
    case 'bad-setting':
    case 'error':
      return `systemd cannot load it (${shown.LoadState})`;
    default:
      return null;
  }
}
