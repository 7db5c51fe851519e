import { refusal, type Answer } from './fake-program.ts';

export type DomainKind = 'gui' | 'user';

/** `gui/501` or `user/501`, with or without a service in it. */
export interface Target {
  kind: DomainKind;
  uid: number;
  /** The domain alone. */
  domain: string;
  label: string | null;
}

export function parseTarget(text: string | undefined): Target | null {
  const match = /^(gui|user)\/(\d+)(?:\/(.+))?$/.exec(text ?? '');
  if (!match) return null;
  const kind = match[1] === 'gui' ? 'gui' : 'user';
  return { kind, uid: Number(match[2]), domain: `${kind}/${match[2]}`, label: match[3] ?? null };
}

/** launchd's own numbers and those of the system, in words. */
function problemText(code: number, target: Target): string {
  switch (code) {
    case 3:
      return 'No such process';
    case 36:
      return 'Operation now in progress';
    case 37:
      return 'Operation already in progress';
    case 112:
      return `Could not find domain for ${domainName(target)}`;
    case 113:
      return `Could not find service "${target.label ?? ''}" in domain for ${domainName(target)}`;
    case 119:
      return 'Service is disabled';
    case 122:
      return 'Path had bad ownership/permissions';
    case 125:
      return 'Domain does not support specified action';
    case 130:
      return 'Service already exists in domain';
    default:
      return 'Input/output error';
  }
}

/** How a verb tells a problem; the exit code is its number. */
export function problem(verb: string, code: number, target: Target): Answer {
  const text = problemText(code, target);
  const numbered = `${code}: ${text}`;
  switch (verb) {
    case 'bootstrap':
      return refusal(
        code,
        `Bootstrap failed: ${numbered}\nTry re-running the command as root for richer errors.`,
      );
    case 'bootout':
      return refusal(code, `Boot-out failed: ${numbered}`);
    case 'print':
      return refusal(code, `Bad request.\n${text}`);
    case 'kickstart':
      if (code === 113) return refusal(code, text);
      return refusal(code, `Could not kickstart service "${target.label ?? ''}": ${numbered}`);
    default:
      return refusal(code, text);
  }
}

export function badTarget(): Answer {
  return refusal(
    64,
    'Unrecognized target specifier.\n<domain-target> takes a form of system/, user/<uid>/, gui/<uid>/',
  );
}

export function usage(verb: string, form: string): Answer {
  return refusal(64, `Usage: launchctl ${verb} ${form}`);
}

function domainName({ kind, uid }: Target): string {
  return kind === 'gui' ? `user gui: ${uid}` : `uid: ${uid}`;
}
