import type { ParsedArgs } from './fake-argv.ts';
import { refusal, success, type Answer } from './fake-program.ts';

/** `systemctl` without `--user`: a manager that has one running unit or none, and changes nothing. */
export function systemManager(
  verb: string,
  args: ParsedArgs,
  units: readonly string[],
  isThere: boolean,
): Answer {
  const [name = ''] = units;
  switch (verb) {
    case 'show':
      return success(show(name, args, isThere));
    case 'is-active':
      return isThere ? success('active\n') : { code: 3, stdout: 'inactive\n', stderr: '' };
    case 'is-enabled':
      if (isThere) return success('enabled\n');
      return refusal(1, `Failed to get unit file state for ${name}: No such file or directory`);
    case 'is-system-running':
      return success('running\n');
    default:
      return refusal(1, `Failed to ${verb} ${name}: Access denied`);
  }
}

function show(name: string, args: ParsedArgs, isThere: boolean): string {
  const values = {
    Id: name,
    LoadState: isThere ? 'loaded' : 'not-found',
    ActiveState: isThere ? 'active' : 'inactive',
    SubState: isThere ? 'running' : 'dead',
    FragmentPath: isThere ? `/etc/systemd/system/${name}` : '',
    UnitFileState: isThere ? 'enabled' : '',
  };
  const wanted = args.all('property').flatMap((names) => names.split(','));
  return Object.entries(values)
    .filter(([key]) => wanted.length === 0 || wanted.includes(key))
    .map(([key, value]) => (args.has('value') ? `${value}\n` : `${key}=${value}\n`))
    .join('');
}
