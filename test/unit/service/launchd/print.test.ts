import { describe, expect, test } from 'vitest';
import {
  activityOf,
  isOutdated,
  lastExitOf,
  parsePrint,
  restartsOf,
  type Printed,
} from '#service/launchd/print.ts';

const printed = (fields: Record<string, string>, program: string[] = []): Printed => ({
  fields,
  arguments: program,
});

describe('launchctl print', () => {
  test('is read in its outermost block', () => {
    const text = `gui/501/x = {
\tstate = running
\tlast exit code = 78: EX_CONFIG
\targuments = {
\t\t/opt/hephd
\t\t\ttwo tabs
\t}
\tenvironment = {
\t\tPATH => /bin
\t\tstate = inner
\t}
\tother = x
\t\tnobody's
 \tindented = by more
no tab = none
\tpath = /a = b
}
`;
    expect(parsePrint(text)).toEqual({
      fields: {
        state: 'running',
        'last exit code': '78: EX_CONFIG',
        arguments: '{',
        environment: '{',
        other: 'x',
        path: '/a = b',
      },
      arguments: ['/opt/hephd', '\ttwo tabs'],
    });
  });

  test('has words only where it opens a block for them', () => {
    expect(parsePrint('\targuments = none\n\t\t/opt/hephd\n').arguments).toEqual([]);
  });

  test('says nothing where it says two things, and the same twice is one', () => {
    expect(parsePrint('\ta = 1\n\ta = 2\n\ta = 1\n\tb = 3\n\tb = 3\n').fields).toEqual({ b: '3' });
  });
});

describe('a state is an activity', () => {
  test.each([
    [
      { state: 'running', pid: '7' },
      { state: 'running', pid: 7 },
    ],
    [{ state: 'running' }, { state: 'starting', pid: null }],
    [
      { state: 'running', pid: '7x' },
      { state: 'starting', pid: null },
    ],
    [
      { state: 'running', pid: 'x7' },
      { state: 'starting', pid: null },
    ],
    [{ state: 'spawn scheduled' }, { state: 'respawning' }],
    [{ state: 'waiting' }, { state: 'respawning' }],
    [{ state: 'spawn failed' }, { state: 'respawning' }],
    [{ state: 'not running' }, { state: 'idle' }],
    [
      { state: 'new', pid: '12' },
      { state: 'starting', pid: 12 },
    ],
    [{}, { state: 'starting', pid: null }],
  ])('%j', (fields, expected) => {
    expect(activityOf(printed(fields))).toEqual(expected);
  });
});

describe('the last exit', () => {
  const signal = (text: string) => ({ 'last terminating signal': text });
  const code = (text: string) => ({ 'last exit code': text });

  test.each([
    [code('3'), { code: 3, signal: null }],
    [code('78: EX_CONFIG'), { code: 78, signal: null }],
    [code('-1'), { code: -1, signal: null }],
    [code('(never exited)'), null],
    [code('exit 3'), null],
    [{}, null],
    [{ ...code('3'), pid: '7' }, null],
    [
      { ...code('3'), ...signal('Killed: 9') },
      { code: null, signal: 'SIGKILL' },
    ],
    [signal('Hangup: 1'), { code: null, signal: 'SIGHUP' }],
    [signal('Interrupt: 2'), { code: null, signal: 'SIGINT' }],
    [signal('Quit: 3'), { code: null, signal: 'SIGQUIT' }],
    [signal('Illegal instruction: 4'), { code: null, signal: 'SIGILL' }],
    [signal('Abort trap: 6'), { code: null, signal: 'SIGABRT' }],
    [signal('Bus error: 10'), { code: null, signal: 'SIGBUS' }],
    [signal('Segmentation fault: 11'), { code: null, signal: 'SIGSEGV' }],
    [signal('Broken pipe: 13'), { code: null, signal: 'SIGPIPE' }],
    [signal('Terminated: 15'), { code: null, signal: 'SIGTERM' }],
    [signal('What: 31'), { code: null, signal: 'signal 31' }],
    [signal('Killed: 9 (core)'), null],
    [signal('9'), null],
    [signal(': 9'), null],
  ])('of %j', (fields, expected) => {
    expect(lastExitOf(printed(fields))).toEqual(expected);
  });
});

test.each([
  [{ runs: '0' }, 0],
  [{ runs: '1' }, 0],
  [{ runs: '12' }, 11],
  [{ runs: '3x' }, null],
  [{ runs: 'x3' }, null],
  [{}, null],
])('%j means %s restarts', (fields, expected) => {
  expect(restartsOf(printed(fields))).toBe(expected);
});

describe('what launchd remembers', () => {
  const wanted = { program: ['/opt/hephd', '--mode'], log: '/log', exitTimeoutS: 30, throttleS: 5 };
  const same = {
    'stdout path': '/log',
    'stderr path': '/log',
    'exit timeout': '30',
    'minimum runtime': '5',
    properties: 'keepalive | runatload',
  };

  test.each<[string, Printed]>([
    ['all of it', printed(same, wanted.program)],
    ['nothing of it printed', printed({})],
  ])('is what is wanted: %s', (_, seen) => {
    expect(isOutdated(seen, wanted)).toBe(false);
  });

  test.each<[string, Printed]>([
    ['other words', printed(same, ['/opt/hephd', '--other'])],
    ['the same letters in other words', printed(same, ['/opt/hephd--mode'])],
    ['another stdout', printed({ ...same, 'stdout path': '/x' })],
    ['another stderr', printed({ ...same, 'stderr path': '/x' })],
    ['another exit timeout', printed({ ...same, 'exit timeout': '5' })],
    ['another throttle', printed({ ...same, 'minimum runtime': '10' })],
    ['no keepalive', printed({ ...same, properties: 'runatload' })],
    ['a program replaced (A13)', printed({ ...same, 'needs LWCR update': '1' })],
  ])('is not: %s', (_, seen) => {
    expect(isOutdated(seen, wanted)).toBe(true);
  });
});
