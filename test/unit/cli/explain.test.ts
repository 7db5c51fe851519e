import { describe, expect, test } from 'vitest';
import { explain } from '#cli/explain.ts';
import { UsageError } from '#cli/fail.ts';
import { ClientError, type ClientTrouble } from '#client/errors.ts';
import { HephError, type Problem } from '#core/errors.ts';

type Expected = [message: string, hint: string | null, exit: number];

const node = {
  node_id: '01AAAAAAAA0000000000007Q2M',
  kind: 'task',
  title: 'Pay\u001b[2J',
} as const;

/** Every code there is: leaving one out does not compile. */
const PROBLEMS: { [C in Problem['code']]: [Extract<Problem, { code: C }>, ...Expected] } = {
  not_found: [
    { code: 'not_found', kind: 'task', ref: '7Q2M' },
    'cannot find the task "7Q2M"',
    'ids are in: heph list --all',
    1,
  ],
  ambiguous: [
    { code: 'ambiguous', ref: '7Q', candidates: [node] },
    `cannot tell which of these "7Q" means:\n  ${node.node_id}  Pay<1B>[2J`,
    'type more of the id',
    1,
  ],
  wrong_kind: [
    { code: 'wrong_kind', ref: '7Q2M', wanted: 'doc', is: node },
    'cannot take "7Q2M" for a doc: it is the task "Pay<1B>[2J"',
    `see: heph show ${node.node_id}`,
    1,
  ],
  deleted: [
    { code: 'deleted', is: node },
    'cannot go on with the task "Pay<1B>[2J": it is deleted',
    `heph undo brings it back; see what was done since: heph history ${node.node_id}`,
    1,
  ],
  bad_recurrence: [
    { code: 'bad_recurrence', text: 'now and then', why: 'words' },
    'cannot read "now and then" as a recurrence',
    'say daily, weekdays, weekly, monthly, "every 3 days", "every mon and thu", or an RRULE',
    2,
  ],
  not_recurring: [
    { code: 'not_recurring', task: node },
    'cannot skip "Pay<1B>[2J": it does not recur',
    `put it off with: heph edit ${node.node_id} --do-date tomorrow`,
    1,
  ],
  no_import: [
    { code: 'no_import', import_id: 'X' },
    'cannot go on: hephd was started anew, or was asked for another one meanwhile',
    'nothing was changed; begin again',
    1,
  ],
  no_export: [
    { code: 'no_export', export_id: 'X' },
    'cannot go on: hephd was started anew, or was asked for another one meanwhile',
    'nothing was changed; begin again',
    1,
  ],
  no_update: [
    {
      code: 'no_update',
      reason: 'bad_feed',
      message: 'cannot look: no\u001B[2J feed',
      hint: 'set one',
    },
    'cannot look: no<1B>[2J feed',
    'set one',
    1,
  ],
  bad_backup: [
    { code: 'bad_backup', path: '/b.db', why: 'a file is there already' },
    'cannot use /b.db: a file is there already',
    null,
    1,
  ],
  bad_date: [
    { code: 'bad_date', field: 'do_date', text: 'soon' },
    'cannot read "soon" as a date for --do-date',
    'say today, tomorrow, +3d, +2w, fri, 24 dec or 2026-12-24',
    2,
  ],
  bad_value: [
    { code: 'bad_value', field: 'tag', text: 'a b', allowed: 'one word' },
    'cannot use "a b" as a tag: it must be one word',
    null,
    2,
  ],
  too_long: [
    { code: 'too_long', field: 'title', max: 10, actual: 11, unit: 'characters' },
    'cannot take a title of 11 characters: 10 is the most',
    null,
    2,
  ],
  conflict: [
    { code: 'conflict', ref: 'X' },
    'cannot change this: X has it, or changed meanwhile',
    'see what was done to it: heph history X',
    1,
  ],
  request_reused: [
    { code: 'request_reused', request_id: 'r' },
    'cannot use a request id twice',
    null,
    1,
  ],
  malformed: [
    { code: 'malformed', detail: 'not JSON' },
    'cannot answer: not JSON',
    "hephd's log may say more",
    1,
  ],
  unknown_method: [
    { code: 'unknown_method', method: 'm' },
    'cannot talk to this hephd: it is of another version',
    'bring them together with: heph daemon restart',
    1,
  ],
  bad_params: [
    { code: 'bad_params', method: 'm', detail: 'limit: too big' },
    'cannot ask this: limit: too big',
    null,
    2,
  ],
  protocol_mismatch: [
    { code: 'protocol_mismatch', daemon: 2, client: 1 },
    'cannot talk to this hephd: it is of another version',
    'bring them together with: heph daemon restart',
    1,
  ],
  timeout: [
    { code: 'timeout', method: 'm', limit_ms: 30_000 },
    'cannot answer within 30 s',
    'ask for less, such as one project',
    1,
  ],
  draining: [{ code: 'draining' }, 'cannot answer: hephd is leaving', 'try again', 1],
  no_memory: [
    { code: 'no_memory' },
    'cannot answer: hephd has no memory left; nothing was changed',
    'end what takes it, or: heph daemon restart',
    1,
  ],
  store_full: [
    { code: 'store_full' },
    'cannot save: the disk is full; nothing was changed',
    'make room and try again',
    1,
  ],
  store_busy: [
    { code: 'store_busy' },
    'cannot save: another program has the store locked; nothing was changed',
    'end that one, such as sqlite3, and try again',
    1,
  ],
  store_readonly: [
    { code: 'store_readonly' },
    'cannot save: the store is read-only; nothing was changed',
    'make it writable',
    1,
  ],
  store_damaged: [
    { code: 'store_damaged', detail: 'malformed' },
    'cannot read the store: malformed',
    'see: heph daemon status',
    1,
  ],
  internal: [
    { code: 'internal', detail: 'boom' },
    'cannot answer: boom',
    "hephd's log may say more",
    1,
  ],
};

const TROUBLES: {
  [C in ClientTrouble['code']]: [Extract<ClientTrouble, { code: C }>, ...Expected];
} = {
  no_daemon: [
    { code: 'no_daemon', socket: '/s', sent: false },
    'cannot reach hephd: nobody answers on /s',
    'start it with: heph daemon start',
    3,
  ],
  no_access: [
    { code: 'no_access', socket: '/s' },
    'cannot open /s: it is not yours to open',
    'see: heph daemon status',
    1,
  ],
  silent: [
    { code: 'silent', socket: '/s', limit_ms: 5000 },
    'cannot get an answer from hephd on /s within 5 s',
    'see: heph daemon status',
    1,
  ],
  protocol_mismatch: [
    { code: 'protocol_mismatch', daemon: 2, client: 1, daemon_version: '9.0.0' },
    'cannot talk to hephd 9.0.0: it speaks protocol 2, this heph 1',
    'bring them together with: heph daemon restart',
    1,
  ],
  message_too_long: [
    { code: 'message_too_long', max: 10, actual: 11 },
    'cannot send 11 bytes: 10 is the most',
    null,
    2,
  ],
  bad_socket: [
    { code: 'bad_socket', socket: '/s', why: 'it is long' },
    'cannot use /s as a socket: it is long',
    null,
    2,
  ],
};

describe('what the daemon says is wrong', () => {
  test.each(Object.values(PROBLEMS))('%j', (problem, message, hint, exit) => {
    expect(explain(new HephError(problem))).toEqual({ code: problem.code, message, hint, exit });
  });

  test.each([
    ['project', 'Home', 'cannot find the project "Home"', 'make it with: heph project add "Home"'],
    ['node', '7Q2M', 'cannot find anything with the id "7Q2M"', 'ids are in: heph list --all'],
  ] as const)('no %s', (kind, ref, message, hint) => {
    expect(explain(new HephError({ code: 'not_found', kind, ref }))).toMatchObject({
      message,
      hint,
    });
  });
});

test('a date that is an argument, and no option, is called so', () => {
  const error = new HephError({ code: 'bad_date', field: 'date', text: 'last friday' });
  expect(explain(error).message).toBe('cannot read "last friday" as a date for DATE');
});

describe('why no answer came', () => {
  test.each(Object.values(TROUBLES))('%j', (trouble, message, hint, exit) => {
    expect(explain(new ClientError(trouble))).toEqual({ code: trouble.code, message, hint, exit });
  });

  test('a request that was sent may have been carried out', () => {
    expect(explain(new ClientError({ code: 'no_daemon', socket: '/s', sent: true })).message).toBe(
      'cannot reach hephd: lost hephd, which may have made the change; nobody answers on /s',
    );
  });
});

test.each([
  [
    new UsageError('cannot edit: nothing', 'see: heph help edit'),
    { code: 'usage', message: 'cannot edit: nothing', hint: 'see: heph help edit', exit: 2 },
  ],
  [new Error('boom'), { code: 'internal', message: 'cannot go on: boom', exit: 1 }],
  ['boom', { code: 'internal', message: 'cannot go on: boom', exit: 1 }],
])('anything else: %s', (error, failure) => {
  expect(explain(error)).toMatchObject(failure);
});

test('whatever is wrong, the message begins with "cannot" and never steers a terminal', () => {
  const hostile = '\u001b[2J\u009b31m';
  const failures = [
    explain(new HephError({ code: 'not_found', kind: 'task', ref: hostile })),
    explain(new HephError({ code: 'bad_date', field: 'do_date', text: hostile })),
    explain(new HephError({ code: 'bad_value', field: 'tag', text: hostile, allowed: 'x' })),
    ...Object.values(PROBLEMS).map(([problem]) => explain(new HephError(problem))),
    ...Object.values(TROUBLES).map(([trouble]) => explain(new ClientError(trouble))),
  ];
  for (const { message } of failures) {
    expect(message).toMatch(/^cannot /);
    // oxlint-disable-next-line no-control-regex
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});
