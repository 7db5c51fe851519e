import fc from 'fast-check';
import { parse } from 'plist';
import { describe, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import { daemonCommand } from '#service/executable.ts';
import { parsePrint, activityOf as launchdActivity } from '#service/launchd/print.ts';
import { programOf as plistProgram, renderPlist } from '#service/launchd/plist.ts';
import type { ServiceSpec } from '#service/service.ts';
import { activityOf, lastExitOf, parseShow } from '#service/systemd/show.ts';
import { programOf, renderUnit } from '#service/systemd/unit.ts';
import { word } from '../../support/odd-words.ts';

const spec = (program: string[], home = '/home/ada'): ServiceSpec => ({
  name: 'heph.test',
  home,
  uid: 1000,
  unitPath: '',
  program,
  paths: defaultPaths(home),
  version: '1',
});

describe('a unit', () => {
  test('says all that keeps hephd alive (C4, C5, C6, C8, C9, C10, C11)', () => {
    const text = renderUnit(spec(['/opt/heph/bin/hephd', '--mode', 'local']));
    for (const line of [
      'ExecStart="/opt/heph/bin/hephd" "--mode" "local"',
      'Restart=always',
      'RestartSec=1',
      'RestartPreventExitStatus=78',
      'StartLimitIntervalSec=0',
      'Type=exec',
      'KillMode=mixed',
      'TimeoutStopSec=30',
      'WantedBy=default.target',
      'UnsetEnvironment=HEPH_SOCKET HEPH_DB HEPH_CONFIG',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('gives back the command line that went in (C7)', () => {
    fc.assert(
      fc.property(word, fc.array(word), (last, args) => {
        const program = [`/opt/${last}`, ...args];
        expect(programOf(renderUnit(spec(program)))).toEqual(program);
      }),
      { numRuns: 1000 },
    );
  });

  test('doubles what would be a specifier, in the log as well', () => {
    expect(renderUnit(spec(['/x'], '/home/100%'))).toContain(
      'append:/home/100%%/.local/share/heph/hephd.log',
    );
  });

  test('puts a path that systemd refuses behind exec, and no other', () => {
    expect(renderUnit(spec([`/home/it's/hephd`]))).toContain(
      String.raw`ExecStart="/bin/sh" "-c" "exec \"$$0\" \"$$@\"" "/home/it's/hephd"`,
    );
    expect(renderUnit(spec(['/home/a b/hephd']))).toContain('ExecStart="/home/a b/hephd"');
  });

  test.each(['/a\nb', '/a\u007f', '/a\ufffe', '/a\u{5ffff}', '/a\ufdd0', '/a\ud800'])(
    'refuses %j, which no unit can hold (C7)',
    (path) => {
      expect(() => renderUnit(spec([path]))).toThrow(
        `cannot put ${JSON.stringify(path)} into a systemd unit`,
      );
    },
  );
});

describe('a plist', () => {
  test('says all that keeps hephd alive (A15, A16)', () => {
    expect(parse(renderPlist(spec(['/opt/heph/bin/hephd'])))).toMatchObject({
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: 5,
      ExitTimeOut: 30,
      Umask: 0o077,
    });
  });

  test('keeps what some XML readers take for a line end', () => {
    const program = ['/opt/a\u2028b\u0085c', '\u2029 ', '\ufffd'];
    expect(plistProgram(renderPlist(spec(program)))).toEqual(program);
  });

  test('gives back the command line that went in', () => {
    fc.assert(
      fc.property(word, fc.array(word), (last, args) => {
        const program = [`/opt/${last}`, ...args];
        expect(plistProgram(renderPlist(spec(program)))).toEqual(program);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['/a\nb', '/a\u0001', '/a\ufffe', '/a\ud800'])('refuses %j', (path) => {
    expect(() => renderPlist(spec([path]))).toThrow(
      `cannot put ${JSON.stringify(path)} into a plist`,
    );
  });

  test.each(['', 'no plist', '<plist><dict></dict></plist>'])(
    'of %j has no command line',
    (text) => {
      expect(plistProgram(text)).toBeNull();
    },
  );
});

describe('what systemctl show says', () => {
  test('is read by name, in any order', () => {
    const shown = parseShow('MainPID=7\nActiveState=active\nDescription=a=b\nSubState=running\n');
    expect(shown).toEqual({ MainPID: '7', ActiveState: 'active', SubState: 'running' });
  });

  test.each([
    ['active', 'running', { state: 'running', pid: 7 }],
    ['activating', 'auto-restart', { state: 'respawning' }],
    ['activating', 'auto-restart-queued', { state: 'respawning' }],
    ['activating', 'start', { state: 'starting', pid: 7 }],
    ['deactivating', 'stop-sigterm', { state: 'stopping', pid: 7 }],
    ['failed', 'failed', { state: 'failed' }],
    ['inactive', 'dead', { state: 'stopped' }],
  ])('%s/%s', (ActiveState, SubState, expected) => {
    expect(activityOf({ ActiveState, SubState, MainPID: '7' })).toEqual(expected);
  });

  test.each([
    ['1', '3', { code: 3, signal: null }],
    ['2', '9', { code: null, signal: 'SIGKILL' }],
    ['3', '64', { code: null, signal: 'signal 64' }],
    ['0', '0', null],
  ])('exit %s/%s', (ExecMainCode, ExecMainStatus, expected) => {
    expect(lastExitOf({ ExecMainCode, ExecMainStatus })).toEqual(expected);
  });
});

describe('what launchctl print says', () => {
  const block = (state: string, pid?: number) =>
    `gui/501/x = {\n\tstate = ${state}\n${pid === undefined ? '' : `\tpid = ${pid}\n`}\targuments = {\n\t\t/opt/a = b\n\t\t--mode\n\t}\n\tcoalition = {\n\t\tstate = active\n\t}\n}\n`;

  test('only counts in the outermost block', () => {
    const printed = parsePrint(block('running', 7));
    expect(printed.fields['state']).toBe('running');
    expect(printed.arguments).toEqual(['/opt/a = b', '--mode']);
  });

  test.each([
    [block('running', 7), { state: 'running', pid: 7 }],
    [block('spawn scheduled'), { state: 'respawning' }],
    [block('not running'), { state: 'idle' }],
    [block('spawn failed'), { state: 'respawning' }],
    [block('something new'), { state: 'starting', pid: null }],
  ])('is an activity', (text, expected) => {
    expect(launchdActivity(parsePrint(text))).toEqual(expected);
  });
});

test.each([
  [
    'compiled, installed',
    { executable: '/h/versions/1/bin/heph', script: null },
    '/h/launcher/hephd',
    ['/h/launcher/hephd', '--mode', 'local'],
  ],
  [
    'compiled, anywhere',
    { executable: '/opt/heph/bin/heph', script: null },
    null,
    ['/opt/heph/bin/hephd', '--mode', 'local'],
  ],
  [
    'npm, by its link',
    { executable: '/usr/bin/node', script: '/usr/bin/heph' },
    null,
    ['/usr/bin/node', '/usr/bin/hephd', '--mode', 'local'],
  ],
  [
    'a build',
    { executable: '/n', script: '/x/dist/heph.js' },
    null,
    ['/n', '/x/dist/hephd.js', '--mode', 'local'],
  ],
  [
    'the tree',
    { executable: '/n', script: '/x/src/bin/heph.ts' },
    null,
    ['/n', '/x/src/bin/hephd.ts', '--mode', 'local'],
  ],
])(
  'the daemon that belongs to this heph, by its whole path: %s (A17, C15, D1)',
  (_, program, stable, expected) => {
    expect(daemonCommand(program, stable)).toEqual(expected);
  },
);
