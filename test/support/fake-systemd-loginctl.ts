import { ParsedArgs, type OptionTable } from './fake-argv.ts';
import { refusal, success, type Answer } from './fake-program.ts';
import { notBooted, type SystemdKnobs } from './fake-systemd-knobs.ts';
import type { Place } from './fake-systemd-unit.ts';

const OPTIONS: OptionTable = {
  flags: {
    '--value': 'value',
    '--no-pager': 'no-pager',
    '--no-legend': 'no-legend',
    '--no-ask-password': 'no-ask-password',
  },
  values: { '--property': 'property', '-p': 'property' },
};

/** `loginctl`, for one user. `linger` hanging is seen to before this is reached. */
export function loginctl(
  argv: readonly string[],
  knobs: SystemdKnobs,
  user: Pick<Place, 'user' | 'uid'> & { hasSession: boolean },
): Answer {
  if (knobs.notBooted) return notBooted();
  const args = new ParsedArgs(argv, OPTIONS);
  if (args.unknown !== null) return refusal(1, `loginctl: unrecognized option '${args.unknown}'`);
  const [verb = 'list-sessions', who = user.user] = args.words;
  if (who !== user.user && who !== String(user.uid)) {
    return refusal(1, `Failed to look up user ${who}: No such process`);
  }
  switch (verb) {
    case 'show-user':
      return showUser(args, knobs, user);
    case 'enable-linger':
      knobs.linger = 'yes';
      return success();
    case 'disable-linger':
      knobs.linger = 'no';
      return success();
    default:
      return refusal(1, `Unknown command verb ${verb}.`);
  }
}

function showUser(
  args: ParsedArgs,
  knobs: SystemdKnobs,
  { user, uid, hasSession }: Pick<Place, 'user' | 'uid'> & { hasSession: boolean },
): Answer {
  if (!hasSession && knobs.linger !== 'yes') {
    return refusal(1, `Failed to get user: User ID ${uid} is not logged in or lingering`);
  }
  const values = {
    UID: String(uid),
    Name: user,
    RuntimePath: `/run/user/${uid}`,
    State: hasSession ? 'active' : 'lingering',
    Linger: knobs.linger,
  };
  const wanted = args.all('property').flatMap((names) => names.split(','));
  const lines = Object.entries(values)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .map(([name, value]) => (args.has('value') ? `${value}\n` : `${name}=${value}\n`));
  return success(lines.join(''));
}
