import { build, parse } from 'plist';
import { MARKER } from '#service/ownership.ts';
import type { ServiceSpec } from '#service/service.ts';

export const LABEL = 'org.hephaestus.hephd';

/** Longer than the daemon takes to drain; launchd kills after it. */
export const EXIT_TIMEOUT_S = 30;

/** The plist's text. Why each key: `docs/explanation/decisions/0003-service-files.md`. */
export function renderPlist(spec: ServiceSpec): string {
  const { log } = spec.paths;
  const xml = build({
    Label: LABEL,
    ProgramArguments: [...spec.program],
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 5,
    ExitTimeOut: EXIT_TIMEOUT_S,
    Umask: 0o077,
    StandardOutPath: log,
    StandardErrorPath: log,
  });
  return `${xml.replace('<plist', `<!-- ${MARKER} -->\n<plist`)}\n`;
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
