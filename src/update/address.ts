import { fileURLToPath } from 'node:url';

const MUST_BE = 'it must be https://…, or file:///… for a folder of this machine';

/** Null, or why the address cannot be a feed's. */
export function feedProblem(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !/^[a-z]+:\/\//i.test(address)) return MUST_BE;
  if (/\p{Cc}/u.test(address)) return 'it must not have control characters';
  // An empty query is one as well: what is put after it is no path.
  if (/[?#]/.test(url.href)) return 'it must not have a query or a fragment';
  return placeProblem(url);
}

/** Why nothing may be read from there, whether it is a feed's address or a redirect's. */
export function placeProblem(url: URL): string | null {
  const { protocol, hostname, username, password } = url;
  if (username !== '' || password !== '') return 'it must not have a user or a password';
  if (protocol === 'https:') return null;
  if (protocol === 'file:') return isPath(url) ? null : 'it must be file:///… and a path';
  if (protocol !== 'http:') return MUST_BE;
  const isHere = /^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname);
  return isHere ? null : 'it must be https://…; http://… is for this machine alone';
}

function isPath(url: URL): boolean {
  try {
    return !fileURLToPath(url).includes('\0');
  } catch {
    return false;
  }
}

/**
 * Without what may be a secret, and must not get into a log. What comes after
 * both a `?` and an `@` may be of a password, of a query, or a host: it is not shown.
 */
export function harmless(address: string): string {
  return address
    .replace(/[?#].*@.*/s, '@?…')
    .replace(/^(\w*:)?(\/*).*@/s, '$1$2…@')
    .replace(/[?#].*/s, '?…')
    .replaceAll(/\p{Cc}/gu, '?');
}
