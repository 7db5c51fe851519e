import { build, parse } from 'plist';
import { MARKER } from '#service/ownership.ts';
import { ServiceError, type ServiceSpec } from '#service/service.ts';

/** Longer than the daemon takes to drain; launchd kills after it. */
export const EXIT_TIMEOUT_S = 30;

/** The least time between two starts. One second fills logs, ten keep people waiting. */
export const THROTTLE_S = 5;

/**
 * The plist's text. Why each key: `docs/explanation/decisions/0003-service-files.md`.
 * @throws {ServiceError} a path holds what XML cannot express.
 */
export function renderPlist(spec: ServiceSpec): string {
  const log = legal(spec.paths.log);
  const xml = build({
    Label: spec.name,
    ProgramArguments: spec.program.map(legal),
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: THROTTLE_S,
    ExitTimeOut: EXIT_TIMEOUT_S,
    Umask: 0o077,
    StandardOutPath: log,
    StandardErrorPath: log,
  });
  return `${inReferences(xml).replace('<plist', `<!-- ${MARKER} -->\n<plist`)}\n`;
}

/** What XML 1.0 (2.2, "Char") leaves out, and the line ends that a unit cannot hold either. */
function legal(text: string): string {
  if (/[\u0000-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/u.test(text)) {
    throw new ServiceError(
      'failed',
      `cannot put ${JSON.stringify(text)} into a plist: it has a control character, or one that XML has no way to write`,
      'use a path without one',
    );
  }
  return text;
}

/**
 * Some XML readers (ours is one) take these three for `\n`, as XML 1.1 does, and
 * the replacement character for a mistake in the encoding; no reader touches a reference.
 */
function inReferences(xml: string): string {
  return xml.replaceAll(/[\u0085\u2028\u2029\ufffd]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The command line in a plist, ours or an older one's; null when none can be read. */
export function programOf(xml: string): string[] | null {
  // The parser writes its complaints to stderr: what is no plist at all is kept from it.
  if (!/<plist[\s\S]*<\/plist>\s*$/.test(xml)) return null;
  try {
    const { ProgramArguments: program } = parse(xml) as { ProgramArguments?: unknown };
    return Array.isArray(program) ? program.map(String) : null;
  } catch {
    return null;
  }
}
