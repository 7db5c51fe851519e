import { explain } from '#cli/explain.ts';
import {
  EXIT,
  FileError,
  LogError,
  TimeIsOver,
  UsageError,
  type Failure,
  type OwnCode,
} from '#cli/fail.ts';
import { ClientError, type ClientTrouble } from '#client/errors.ts';
import { ConfigError } from '#config/load.ts';
import { HephError, type Problem } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import { failureLine, type Failure as RpcFailure } from '#protocol/envelope.ts';
import { PROTOCOL } from '#protocol/version.ts';
import { ServiceError } from '#service/service.ts';
import { code, table, type Blocks } from './docs-markdown.ts';

/** One of each, so that its fields and its words can be shown; the compiler sees to it that none is missing. */
const PROBLEMS: { [C in Problem['code']]: Extract<Problem, { code: C }> } = {
  not_found: { code: 'not_found', kind: 'task', ref: '7Q2M' },
  ambiguous: {
    code: 'ambiguous',
    ref: '7Q2M',
    candidates: [{ node_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T', kind: 'task', title: 'Pay the rent' }],
  },
  wrong_kind: {
    code: 'wrong_kind',
    ref: '7Q2M',
    wanted: 'task',
    is: { node_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T', kind: 'doc', title: 'Boiler' },
  },
  deleted: {
    code: 'deleted',
    is: { node_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T', kind: 'task', title: 'Pay the rent' },
  },
  bad_recurrence: { code: 'bad_recurrence', text: 'every full moon', why: 'words' },
  not_recurring: {
    code: 'not_recurring',
    task: { node_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T', kind: 'task', title: 'Pay the rent' },
  },
  no_import: { code: 'no_import', import_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T' },
  no_export: { code: 'no_export', export_id: '01KAB0W8G07Q2M3N4P5Q6R7S8T' },
  no_update: {
    code: 'no_update',
    reason: 'not_ours',
    message: 'cannot replace this hephd: HEPH_NO_SELF_UPDATE is set',
    hint: null,
  },
  bad_backup: {
    code: 'bad_backup',
    path: '/mnt/usb/heph.db',
    why: 'it is an SQLite database of another program',
  },
  bad_date: { code: 'bad_date', field: 'do_date', text: 'soonish' },
  bad_value: {
    code: 'bad_value',
    field: 'tag',
    text: 'two words',
    allowed: 'one word without spaces',
  },
  too_long: {
    code: 'too_long',
    field: 'title',
    max: LIMITS.titleChars,
    actual: 1200,
    unit: 'characters',
  },
  conflict: { code: 'conflict', ref: '01KAB0W8G07Q2M3N4P5Q6R7S8T' },
  request_reused: { code: 'request_reused', request_id: 'a1b2c3d4' },
  malformed: { code: 'malformed', detail: 'say hello first' },
  unknown_method: { code: 'unknown_method', method: 'task.sing' },
  bad_params: {
    code: 'bad_params',
    method: 'task.next',
    detail: 'limit: Too small: expected number to be >=1',
  },
  protocol_mismatch: { code: 'protocol_mismatch', daemon: PROTOCOL, client: 2 },
  timeout: { code: 'timeout', method: 'task.list', limit_ms: 30_000 },
  draining: { code: 'draining' },
  no_memory: { code: 'no_memory' },
  store_full: { code: 'store_full' },
  store_busy: { code: 'store_busy' },
  store_readonly: { code: 'store_readonly' },
  store_damaged: { code: 'store_damaged', detail: 'database disk image is malformed' },
  internal: { code: 'internal', detail: 'what the program said' },
};

const SOCKET = '~/.local/share/heph/hephd.sock';
const TROUBLES: { [C in ClientTrouble['code']]: Extract<ClientTrouble, { code: C }> } = {
  no_daemon: { code: 'no_daemon', socket: SOCKET, sent: false },
  no_access: { code: 'no_access', socket: SOCKET },
  silent: { code: 'silent', socket: SOCKET, limit_ms: 5000 },
  protocol_mismatch: {
    code: 'protocol_mismatch',
    daemon: 2,
    client: PROTOCOL,
    daemon_version: '9.0.0',
  },
  message_too_long: { code: 'message_too_long', max: LIMITS.messageBytes, actual: 20_000_000 },
  bad_socket: {
    code: 'bad_socket',
    socket: '/a/long/path',
    why: 'its path is 120 bytes long, and 103 is the most',
  },
};

const SERVICE: Record<ServiceError['kind'], ServiceError> = {
  failed: new ServiceError(
    'failed',
    'cannot start hephd: it ended at once with exit code 78; its log ends: ...',
  ),
  refused: new ServiceError(
    'refused',
    'cannot manage ~/.config/systemd/user/heph.service: it is a file that heph did not write',
  ),
  unreachable: new ServiceError('unreachable', 'cannot manage hephd: this system has no systemctl'),
};

const OWN: Record<OwnCode, Error> = {
  usage: new UsageError('cannot run heph nxt: there is no such command'),
  log_unreadable: new LogError('cannot read ~/.local/share/heph/hephd.log: it is not a plain file'),
  file: new FileError('cannot read standard input: it is not UTF-8 text'),
  timeout: new TimeIsOver('cannot wait any longer: 90s are over'),
  bad_config: new ConfigError(
    'cannot read ~/.config/heph/config.toml: a part of its path is no folder',
  ),
  internal: new Error('what the program said'),
};

const MEANINGS: Record<keyof typeof EXIT, string> = {
  done: 'Done, or it was so already.',
  failed: 'Failed. For `heph daemon status`: running, but not healthy.',
  usage: 'The command line, or a value in it, makes no sense. Nothing was changed.',
  noDaemon:
    'No daemon is running: `heph daemon status` found none, or a command that needs one found nobody on the socket.',
  cannotTell: 'Cannot tell: there is no service manager to be asked.',
};

/** Every exit code of heph, and in Markdown what it means. */
export function exitMeanings(): [exit: string, meaning: string][] {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return names.map((name) => [String(EXIT[name]), MEANINGS[name]]);
}

export const errorBlocks: Blocks = {
  'exit-codes': () =>
    table(
      ['exit', 'meaning'],
      exitMeanings().map(([exit, meaning]) => [code(exit), meaning]),
    ),
  'error-codes': () =>
    table(
      ['code', 'exit', 'for example'],
      failures().map(({ code: word, exit, message }) => [
        code(word),
        code(String(exit)),
        code(oneLine(message)),
      ]),
    ),
  'rpc-problems': () =>
    table(
      ['`data.code`', '`code`', 'besides, in `data`'],
      Object.values(PROBLEMS).map((problem) => [
        code(problem.code),
        code(String(rpcNumber(problem))),
        fieldsOf(problem),
      ]),
    ),
};

/** Every failure the client can print, each code once. */
function failures(): Failure[] {
  const errors = [
    ...Object.values(TROUBLES).map((trouble) => new ClientError(trouble)),
    ...Object.values(PROBLEMS).map((problem) => new HephError(problem)),
    ...Object.values(SERVICE),
    ...Object.values(OWN),
  ];
  const byCode = new Map<string, Failure>();
  for (const failure of errors.map((error) => explain(error)))
    if (!byCode.has(failure.code)) byCode.set(failure.code, failure);
  return [...byCode.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function rpcNumber(problem: Problem): number {
  return (JSON.parse(failureLine(1, problem)) as RpcFailure).error.code;
}

function fieldsOf({ code: _code, ...fields }: Problem): string {
  return Object.keys(fields).map(code).join(', ');
}

function oneLine(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}
