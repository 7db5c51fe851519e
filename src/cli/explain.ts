import {
  EXIT,
  FileError,
  LogError,
  OutputError,
  TimeIsOver,
  UsageError,
  type Failure,
} from '#cli/fail.ts';
import { visible } from '#cli/print/visible.ts';
import { ClientError, type ClientTrouble } from '#client/errors.ts';
import { HephError, type Problem } from '#core/errors.ts';
import type { ServiceError } from '#service/service.ts';

/**
 * Any error in a user's words, which steer no terminal. The only place that decides them, and the exit code.
 * @param start the command that starts the hephd that was asked.
 */
export function explain(error: unknown, start = 'heph daemon start'): Failure {
  const { message, hint, ...rest } = explained(error, start);
  return { ...rest, message: visible(message), hint: hint === null ? null : visible(hint) };
}

function explained(error: unknown, start: string): Failure {
  if (error instanceof UsageError) {
    return { code: 'usage', message: error.message, hint: error.hint, exit: EXIT.usage };
  }
  if (error instanceof LogError) {
    const hint = 'make it a plain file of yours, or move it away; then: heph daemon restart';
    return failed('log_unreadable', error.message, hint);
  }
  if (error instanceof FileError) return failed('file', error.message, null);
  if (error instanceof OutputError) {
    const hint = 'the change that was asked for has been made: do not ask for it again';
    const message = `cannot write the output: ${error.message}`;
    return failed('file', message, error.isAfterChange ? hint : null);
  }
  if (error instanceof TimeIsOver) return failed('timeout', error.message, null);
  if (error instanceof ClientError) return trouble(error.trouble, start);
  if (error instanceof HephError) return problem(error.problem);
  if (isServiceError(error)) {
    const exit = error.kind === 'unreachable' ? EXIT.cannotTell : EXIT.failed;
    return { code: error.kind, message: error.message, hint: error.hint, exit };
  }
  if (isConfigError(error)) return failed('bad_config', error.message, null);
  const detail = error instanceof Error ? error.message : String(error);
  return failed(
    'internal',
    `cannot go on: ${detail}`,
    'this is a defect of heph; please report it',
  );
}

/** By name, so that a client that only asks for `next` loads neither the settings nor the service. */
function isConfigError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ConfigError';
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && error.name === 'ServiceError';
}

function trouble(why: ClientTrouble, start: string): Failure {
  switch (why.code) {
    case 'no_daemon': {
      const lost = why.sent
        ? 'lost hephd, which may have made the change; nobody answers'
        : 'nobody answers';
      const message = `cannot reach hephd: ${lost} on ${why.socket}`;
      return { code: why.code, message, hint: `start it with: ${start}`, exit: EXIT.noDaemon };
    }
    case 'no_access':
      return failed(
        why.code,
        `cannot open ${why.socket}: it is not yours to open`,
        'see: heph daemon status',
      );
    case 'silent': {
      const message = `cannot get an answer from hephd on ${why.socket} within ${why.limit_ms / 1000} s`;
      return failed(why.code, message, 'see: heph daemon status');
    }
    case 'protocol_mismatch': {
      const message = `cannot talk to hephd ${why.daemon_version}: it speaks protocol ${why.daemon}, this heph ${why.client}`;
      return failed(why.code, message, 'bring them together with: heph daemon restart');
    }
    case 'message_too_long':
      return usage(why.code, `cannot send ${why.actual} bytes: ${why.max} is the most`, null);
    case 'bad_socket':
      return usage(why.code, `cannot use ${why.socket} as a socket: ${why.why}`, null);
  }
}

function problem(what: Problem): Failure {
  switch (what.code) {
    case 'not_found':
      return failed(
        what.code,
        `cannot find ${article(what.kind)} ${quote(what.ref)}`,
        findHint(what.kind, what.ref),
      );
    case 'wrong_kind': {
      const { is, wanted } = what;
      return failed(
        what.code,
        `cannot take ${quote(what.ref)} for a ${wanted}: it is the ${is.kind} ${quote(is.title)}`,
        is.kind === 'task' ? `see: heph show ${is.node_id}` : `see: heph doc show ${is.node_id}`,
      );
    }
    case 'deleted': {
      const { node_id, kind, title } = what.is;
      const message = `cannot go on with the ${kind} ${quote(title)}: it is deleted`;
      return failed(
        what.code,
        message,
        `heph undo brings it back; see what was done since: heph history ${node_id}`,
      );
    }
    case 'ambiguous': {
      const lines = what.candidates.map((node) => `  ${node.node_id}  ${visible(node.title)}`);
      return failed(
        what.code,
        `cannot tell which of these ${quote(what.ref)} means:\n${lines.join('\n')}`,
        'type more of the id',
      );
    }
    case 'bad_date': {
      const hint = 'say today, tomorrow, +3d, +2w, fri, 24 dec or 2026-12-24';
      return usage(
        what.code,
        `cannot read ${quote(what.text)} as a date for ${dateWord(what.field)}`,
        hint,
      );
    }
    case 'bad_recurrence':
      return usage(
        what.code,
        what.why === 'never'
          ? `cannot let a task recur ${quote(what.text)}: that never comes`
          : `cannot read ${quote(what.text)} as a recurrence`,
        'say daily, weekdays, weekly, monthly, "every 3 days", "every mon and thu", or an RRULE',
      );
    case 'not_recurring':
      return failed(
        what.code,
        `cannot skip ${quote(what.task.title)}: it does not recur`,
        `put it off with: heph edit ${what.task.node_id} --do-date tomorrow`,
      );
    case 'no_import':
    case 'no_export':
      return failed(
        what.code,
        'cannot go on: hephd was started anew, or was asked for another one meanwhile',
        'nothing was changed; begin again',
      );
    case 'bad_backup':
      return failed(what.code, `cannot use ${what.path}: ${what.why}`, null);
    case 'no_update':
      return failed(what.code, visible(what.message), what.hint);
    case 'bad_value':
      return usage(
        what.code,
        `cannot use ${quote(what.text)} as a ${what.field}: it must be ${what.allowed}`,
        null,
      );
    case 'too_long':
      return usage(
        what.code,
        `cannot take a ${what.field} of ${what.actual} ${what.unit}: ${what.max} is the most`,
        null,
      );
    case 'conflict':
      return failed(
        what.code,
        `cannot change this: ${what.ref} has it, or changed meanwhile`,
        `see what was done to it: heph history ${what.ref}`,
      );
    case 'timeout':
      return failed(
        what.code,
        `cannot answer within ${what.limit_ms / 1000} s`,
        'ask for less, such as one project',
      );
    case 'draining':
      return failed(what.code, 'cannot answer: hephd is leaving', 'try again');
    case 'no_memory':
      return failed(
        what.code,
        'cannot answer: hephd has no memory left; nothing was changed',
        'end what takes it, or: heph daemon restart',
      );
    case 'store_full':
      return failed(
        what.code,
        'cannot save: the disk is full; nothing was changed',
        'make room and try again',
      );
    case 'store_busy':
      return failed(
        what.code,
        'cannot save: another program has the store locked; nothing was changed',
        'end that one, such as sqlite3, and try again',
      );
    case 'store_readonly':
      return failed(
        what.code,
        'cannot save: the store is read-only; nothing was changed',
        'make it writable',
      );
    case 'store_damaged':
      return failed(what.code, `cannot read the store: ${what.detail}`, 'see: heph daemon status');
    case 'bad_params':
      return usage(what.code, `cannot ask this: ${what.detail}`, null);
    case 'protocol_mismatch':
    case 'unknown_method':
      return failed(
        what.code,
        'cannot talk to this hephd: it is of another version',
        'bring them together with: heph daemon restart',
      );
    case 'malformed':
    case 'internal':
      return failed(what.code, `cannot answer: ${what.detail}`, "hephd's log may say more");
    case 'request_reused':
      return failed(what.code, 'cannot use a request id twice', null);
  }
}

/** What the command line calls it: `date` is the only one that is no option. */
function dateWord(field: string): string {
  return field === 'date' ? 'DATE' : `--${field.replace('_', '-')}`;
}

function findHint(kind: string, ref: string): string {
  if (kind === 'project') return `make it with: heph project add ${quote(ref)}`;
  return kind === 'doc' ? 'titles and ids are in: heph doc list' : 'ids are in: heph list --all';
}

function article(kind: string): string {
  if (kind === 'doc') return 'a document that is called';
  return kind === 'node' ? 'anything with the id' : `the ${kind}`;
}

function quote(text: string): string {
  return `"${visible(text)}"`;
}

function failed(code: Failure['code'], message: string, hint: string | null): Failure {
  return { code, message, hint, exit: EXIT.failed };
}

function usage(code: Failure['code'], message: string, hint: string | null): Failure {
  return { code, message, hint, exit: EXIT.usage };
}
