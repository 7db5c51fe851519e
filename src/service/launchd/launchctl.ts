import {
  ServiceError,
  type CommandOutcome,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

const QUICK_MS = 5000;
/** `kickstart -k` may wait until the old process has gone, and that for its whole exit timeout. */
const KICKSTART_MS = 45_000;

/** How a call ended that did end. */
export type Answer = Extract<CommandOutcome, { kind: 'exited' }>;
export type Launchctl = (...args: string[]) => Promise<Answer>;

/** @throws {ServiceError} `unreachable` when there is no launchd, or no answer. */
export function openLaunchctl(ports: ServicePorts): Launchctl {
  return async (...args) => {
    const limitMs = args.includes('-k') ? KICKSTART_MS : QUICK_MS;
    const outcome = await ports.run('launchctl', args, { limitMs });
    if (outcome.kind === 'missing') {
      throw new ServiceError(
        'unreachable',
        'cannot manage hephd: this system has no launchctl',
        'to run it without a service manager: hephd',
      );
    }
    if (outcome.kind === 'timeout') {
      throw new ServiceError(
        'unreachable',
        `cannot get an answer from launchd: launchctl ${args[0]} took over ${outcome.limitMs / 1000} s`,
        'try again; if that does not help, log out and in',
      );
    }
    return outcome;
  };
}

/** What an answer means to us, whatever the version's number or wording for it. */
export type Meaning =
  | 'ok'
  /** No such domain: nobody is logged in at the screen. */
  | 'no-session'
  | 'not-loaded'
  /** It is coming or going, or there already: only `print` knows which. */
  | 'in-progress'
  /** The file, or who owns it, or its mode. */
  | 'bad-file'
  | 'disabled'
  | 'failed';

/**
 * launchd's own numbers, and those of the system. The words decide before the
 * number where they say that there is no domain: versions give that several numbers.
 */
export function meaningOf({ code, stderr }: Pick<Answer, 'code' | 'stderr'>): Meaning {
  if (code === 0) return 'ok';
  if (/domain does not support|could not find domain/i.test(stderr)) return 'no-session';
  const known = MEANINGS[code];
  if (known !== undefined) return known;
  if (/no such process|could not find service/i.test(stderr)) return 'not-loaded';
  if (/already (in progress|loaded|exists|bootstrapped)|now in progress/i.test(stderr)) {
    return 'in-progress';
  }
  return 'failed';
}

/** Why each, and who reported it: `docs/reference/service-files.md`. */
export const MEANINGS: Readonly<Record<number, Meaning>> = {
  3: 'not-loaded',
  5: 'in-progress',
  36: 'in-progress',
  37: 'in-progress',
  112: 'no-session',
  113: 'not-loaded',
  119: 'disabled',
  122: 'bad-file',
  125: 'no-session',
  130: 'in-progress',
  133: 'in-progress',
};

/** What went wrong, how things are now, and the command that a person would give. */
export function launchctlFailure(
  verb: string,
  spec: ServiceSpec,
  answer: Pick<Answer, 'code' | 'stderr'>,
): ServiceError {
  const said = answer.stderr.trim().split('\n')[0] || `it ended with ${answer.code}`;
  const message = `cannot ${verb} hephd: launchctl says: ${said}`;
  return new ServiceError('failed', message, HINTS[meaningOf(answer)]?.(spec) ?? SEE_STATUS);
}

const SEE_STATUS = 'see: heph daemon status';
const HINTS: Partial<Record<Meaning, (spec: ServiceSpec) => string>> = {
  'no-session': () => 'log in on the machine itself, or run it in the foreground: hephd',
  'in-progress': ({ unitPath, uid }) =>
    `hephd is not running; try again: heph daemon start; by hand: launchctl bootstrap gui/${uid} ${unitPath}`,
  'bad-file': ({ unitPath }) =>
    `launchd wants ${unitPath} to be your own and writable by nobody else: chmod 644 it, then heph daemon start`,
  disabled: () =>
    'it is switched off in System Settings, Login Items: switch it on, then heph daemon start',
};
