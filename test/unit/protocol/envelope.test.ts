import { describe, expect, test } from 'vitest';
import type { Problem } from '#core/errors.ts';
import { failureLine, helloLine, requestLine, successLine } from '#protocol/envelope.ts';
import { PROTOCOL, VERSION, versionLine } from '#protocol/version.ts';

test('a greeting says protocol and version, and what else is given', () => {
  expect(JSON.parse(helloLine({ pid: 7, started_at: 1 }))).toEqual({
    jsonrpc: '2.0',
    method: 'hello',
    params: { protocol: PROTOCOL, version: VERSION, pid: 7, started_at: 1 },
  });
});

test('a request is one line, whatever is in it', () => {
  const line = requestLine(3, 'task.add', { title: 'a\nb\u2028c' });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    jsonrpc: '2.0',
    id: 3,
    method: 'task.add',
    params: { title: 'a\nb\u2028c' },
  });
});

test.each([[1], ['one'], ['a "quoted" id']])(
  'a result carries the id it was asked with: %j',
  (id) => {
    expect(JSON.parse(successLine(id, '{"rows":[]}'))).toEqual({
      jsonrpc: '2.0',
      id,
      result: { rows: [] },
    });
  },
);

describe("JSON-RPC's own numbers where they fit, -32000 for all that is ours", () => {
  test.each([
    [{ code: 'malformed', detail: '' }, -32_700],
    [{ code: 'unknown_method', method: '' }, -32_601],
    [{ code: 'bad_params', method: '', detail: '' }, -32_602],
    [{ code: 'internal', detail: '' }, -32_603],
    [{ code: 'not_found', kind: 'task', ref: 'X' }, -32_000],
    [{ code: 'draining' }, -32_000],
  ] as [Problem, number][])('%j is %d', (problem, code) => {
    expect(JSON.parse(failureLine(null, problem))).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code, message: problem.code, data: problem },
    });
  });
});

test('what --version prints names program, version and commit', () => {
  expect(versionLine('hephd')).toMatch(/^hephd \d+\.\d+\.\d+ \(.+\)$/);
});
