import { describe, expect, test } from 'vitest';
import {
  activityOf,
  executableOf,
  lastExitOf,
  parseShow,
  PROPERTIES,
} from '#service/systemd/show.ts';

test('all that is asked for is read, and nothing else', () => {
  const lines = PROPERTIES.map((name) => `${name}=the ${name}`);
  const shown = parseShow(['Id=x', 'no sign', ...lines].join('\n'));
  expect(shown).toEqual({
    LoadState: 'the LoadState',
    ActiveState: 'the ActiveState',
    SubState: 'the SubState',
    UnitFileState: 'the UnitFileState',
    FragmentPath: 'the FragmentPath',
    DropInPaths: 'the DropInPaths',
    NeedDaemonReload: 'the NeedDaemonReload',
    ExecStart: 'the ExecStart',
    MainPID: 'the MainPID',
    NRestarts: 'the NRestarts',
    ExecMainCode: 'the ExecMainCode',
    ExecMainStatus: 'the ExecMainStatus',
  });
});

describe('a state is an activity', () => {
  test.each([
    [
      { ActiveState: 'reloading', MainPID: '7' },
      { state: 'running', pid: 7 },
    ],
    [{ ActiveState: 'active' }, { state: 'running', pid: 0 }],
    [
      { ActiveState: 'activating', MainPID: '0' },
      { state: 'starting', pid: null },
    ],
    [{ ActiveState: 'activating' }, { state: 'starting', pid: null }],
    [
      { ActiveState: 'activating', SubState: 'start-auto-restart' },
      { state: 'starting', pid: null },
    ],
    [
      { ActiveState: 'deactivating', MainPID: '0' },
      { state: 'stopping', pid: null },
    ],
    [{}, { state: 'stopped' }],
  ])('%j', (shown, expected) => {
    expect(activityOf(shown)).toEqual(expected);
  });
});

test.each([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [3, 'SIGQUIT'],
  [6, 'SIGABRT'],
  [7, 'SIGBUS'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [13, 'SIGPIPE'],
  [15, 'SIGTERM'],
  [40, 'signal 40'],
])('%i is %s', (status, signal) => {
  for (const ExecMainCode of ['2', '3']) {
    const exit = lastExitOf({ ExecMainCode, ExecMainStatus: String(status) });
    expect(exit).toEqual({ code: null, signal });
  }
});

test('an exit without a status is one with 0', () => {
  expect(lastExitOf({ ExecMainCode: '1' })).toEqual({ code: 0, signal: null });
  expect(lastExitOf({})).toBeNull();
});

test.each([
  ['{ path=/opt/a ; b/hephd ; argv[]=x ; pid=1 }', '/opt/a ; b/hephd'],
  ['{ path=/x ; argv[]=/y ; argv[]=/z ; }', '/x'],
  [' { path=/x ; argv[]=/x }', null],
  ['', null],
  [undefined, null],
])('the program in ExecStart=%s is %s', (ExecStart, expected) => {
  expect(executableOf(ExecStart === undefined ? {} : { ExecStart })).toBe(expected);
});
