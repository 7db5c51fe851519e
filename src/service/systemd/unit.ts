import { PATH_VARIABLES } from '#config/paths.ts';
import { MARKER } from '#service/ownership.ts';
import { ServiceError, type ServiceSpec } from '#service/service.ts';

/** Longer than the daemon takes to drain, shorter than a command waits. */
const STOP_TIMEOUT_S = 30;

/**
 * The unit's text. Why each line: `docs/explanation/decisions/0003-service-files.md`.
 * @throws {ServiceError} a path holds what a unit cannot express.
 */
export function renderUnit(spec: ServiceSpec): string {
  const log = literal(spec.paths.log);
  return `# ${MARKER}
[Unit]
Description=Hephaestus: tasks and the knowledge around them
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${executable(spec.program).map(word).join(' ')}
Restart=always
RestartSec=1
RestartPreventExitStatus=78
TimeoutStopSec=${STOP_TIMEOUT_S}
KillMode=mixed
UMask=0077
UnsetEnvironment=${Object.values(PATH_VARIABLES).join(' ')}
StandardOutput=append:${log}
StandardError=append:${log}

[Install]
WantedBy=default.target
`;
}

/** Hands its own process on to the words that follow. */
const EXEC = ['/bin/sh', '-c', 'exec "$0" "$@"'];

/**
 * systemd refuses quotes and backslashes in an executable's path, and takes a
 * doubled `$` there for two: such a path goes where any word may.
 */
export function executable(program: readonly string[]): readonly string[] {
  return /["'\\$]/.test(program[0] ?? '') ? [...EXEC, ...program] : program;
}

/** One word of a command line: always quoted, so that no character has a meaning. */
function word(text: string): string {
  const escaped = literal(text)
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('$', '$$$$');
  return `"${escaped}"`;
}

/**
 * Specifiers are expanded everywhere, quoted or not; a line has no way to hold a
 * line break, and one with a code that is no character is ignored as a whole.
 */
function literal(text: string): string {
  if (/[\u0000-\u001f\u007f]|\p{Noncharacter_Code_Point}|\p{Surrogate}/u.test(text)) {
    throw new ServiceError(
      'failed',
      `cannot put ${JSON.stringify(text)} into a systemd unit: it has a control character, or one that systemd does not take`,
      'use a path without one',
    );
  }
  return text.replaceAll('%', '%%');
}

/**
 * The command line of a unit, ours or an older one's; null when there is none
 * that can be read.
 */
export function programOf(unit: string): string[] | null {
  const lines = unit.split('\n').filter((line) => line.startsWith('ExecStart='));
  const command = lines.at(-1)?.slice('ExecStart='.length).trim();
  if (command === undefined || command === '') return null;
  const words = splitWords(command.replace(/^[-@:+!]+/, ''));
  return words[0] === EXEC[0] && words[1] === EXEC[1] ? words.slice(EXEC.length) : words;
}

function splitWords(command: string): string[] {
  const words = command.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\S+/g) ?? [];
  return words.map((quoted) => {
    const isQuoted = /^(["']).*\1$/s.test(quoted);
    const text = isQuoted ? quoted.slice(1, -1) : quoted;
    return text.replaceAll(/\\(.)/g, '$1').replaceAll('$$', '$').replaceAll('%%', '%');
  });
}
