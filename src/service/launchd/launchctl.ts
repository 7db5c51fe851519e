import { ServiceError, type CommandOutcome, type ServicePorts } from '#service/service.ts';

const QUICK_MS = 15_000;

/** What launchd's numbers mean to us (`service-files.md` lists them). */
const NOT_LOADED = new Set([3, 113]);
const IN_PROGRESS = new Set([5, 36, 37]);

export type Launchctl = (...args: string[]) => Promise<Extract<CommandOutcome, { kind: 'exited' }>>;

/** @throws {ServiceError} `unreachable` when there is no launchd, no session, or no answer. */
export function openLaunchctl(ports: ServicePorts): Launchctl {
  return async (...args) => {
    const outcome = await ports.run('launchctl', args, { limitMs: QUICK_MS });
    if (outcome.kind === 'missing') {
      throw new ServiceError(
        'unreachable',
        'cannot manage hephd: this system has no launchctl',
        'run it in the foreground: hephd',
      );
    }
    if (outcome.kind === 'timeout') {
      const message = `cannot get an answer from launchd: launchctl ${args[0]} took over ${outcome.limitMs / 1000} s`;
      throw new ServiceError('unreachable', message, 'try again');
    }
    const isDomain = outcome.code === 112 || outcome.code === 125;
    if (isDomain || /domain does not support|could not find domain/i.test(outcome.stderr)) {
      const hint = 'log in on the machine itself, or run it in the foreground: hephd';
      throw new ServiceError(
        'unreachable',
        'cannot manage hephd: there is no login session for launchd to run it in',
        hint,
      );
    }
    return outcome;
  };
}

/** By number or by words: versions differ in both. */
export function isNotLoaded({ code, stderr }: { code: number; stderr: string }): boolean {
  return NOT_LOADED.has(code) || /no such process|could not find service|not found/i.test(stderr);
}

/** The service is being torn down or brought up: ask again. */
export function isInProgress({ code }: { code: number }): boolean {
  return IN_PROGRESS.has(code);
}

export function launchctlFailure(
  verb: string,
  outcome: { code: number; stderr: string },
): ServiceError {
  const said = outcome.stderr.trim().split('\n')[0] ?? '';
  return new ServiceError(
    'failed',
    `cannot ${verb} hephd: launchctl ended with ${outcome.code}: ${said}`,
    'see: heph daemon status',
  );
}
