import type { Activity, LastExit, Obstacle } from '#service/service.ts';

/** What is asked of `systemctl show`; it answers in an order of its own. */
export const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
  'NeedDaemonReload',
  'ExecStart',
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

/** A mask is a decision of the user's or of the administrator's: it is not undone in passing. */
export function obstacleOf(shown: Shown, unit: string): Obstacle | null {
  if (shown.LoadState !== 'masked' && !shown.UnitFileState?.startsWith('masked')) return null;
  const runtime = shown.UnitFileState === 'masked-runtime' ? ' --runtime' : '';
  return {
    kind: 'refused',
    why: 'it is masked',
    hint: `to allow it again: systemctl --user unmask${runtime} ${unit}`,
  };
}

/** What the manager has against the text that it read; null when it takes it. */
export function complaintOf(shown: Shown): string | null {
  const isBad = shown.LoadState === 'bad-setting' || shown.LoadState === 'error';
  return isBad ? `systemd cannot load it (${shown.LoadState})` : null;
}

/** The program that is run for it. The printed arguments lose their quotes, so they tell nothing. */
export function executableOf(shown: Shown): string | null {
  return /^\{ path=(.*?) ; argv\[\]=/.exec(shown.ExecStart ?? '')?.[1] ?? null;
}
