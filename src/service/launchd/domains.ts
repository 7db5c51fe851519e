import { launchctlFailure, meaningOf, type Launchctl } from '#service/launchd/launchctl.ts';
import { parsePrint, type Printed } from '#service/launchd/print.ts';
import type { ServiceSpec } from '#service/service.ts';

/**
 * Where a user's jobs can be. `gui` is that of the session at the screen, and
 * where ours belongs; `user` has those that were loaded from elsewhere, by ssh
 * with other tools. Nothing records where a job went: both are always asked.
 */
const DOMAINS = ['gui', 'user'] as const;
export type Domain = (typeof DOMAINS)[number];

/** Our service, as launchd has it. */
export interface Loaded {
  domain: Domain;
  printed: Printed;
}

export interface Sight {
  /** Wherever it is loaded, the session's first. */
  loaded: Loaded[];
  /** Somebody is logged in at the screen. */
  hasSession: boolean;
}

export function domainTarget(domain: Domain, { uid }: ServiceSpec): string {
  return `${domain}/${uid}`;
}

export function serviceTarget(domain: Domain, spec: ServiceSpec): string {
  return `${domainTarget(domain, spec)}/${spec.name}`;
}

/** @throws {ServiceError} launchd does not answer, or says what nobody knows. */
export async function lookInBoth(launchctl: Launchctl, spec: ServiceSpec): Promise<Sight> {
  const answers = await Promise.all(
    DOMAINS.map(async (domain) => ({
      domain,
      answer: await launchctl('print', serviceTarget(domain, spec)),
    })),
  );
  const loaded: Loaded[] = [];
  let hasSession = true;
  for (const { domain, answer } of answers) {
    switch (meaningOf(answer)) {
      case 'ok':
        loaded.push({ domain, printed: parsePrint(answer.stdout) });
        break;
      case 'not-loaded':
        break;
      // Some versions say "Input/output error" of a domain that is not there.
      case 'no-session':
      case 'in-progress':
        if (domain === 'gui') hasSession = false;
        break;
      default:
        throw launchctlFailure('look at', spec, answer);
    }
  }
  return { loaded, hasSession };
}
