import { deepEqual, ok } from 'node:assert/strict';
import { passingPlace, stablePath } from '#service/executable.ts';
import {
  activityOf as printedActivity,
  isOutdated,
  lastExitOf,
  parsePrint,
  restartsOf,
} from '#service/launchd/print.ts';
import { programOf as programOfPlist, renderPlist } from '#service/launchd/plist.ts';
import { meaningOf } from '#service/launchd/launchctl.ts';
import { MARKER, ownership } from '#service/ownership.ts';
import { ServiceError } from '#service/service.ts';
import {
  activityOf,
  complaintOf,
  executableOf,
  lastExitOf as shownExit,
  obstacleOf,
  parseShow,
} from '#service/systemd/show.ts';
import { programOf as programOfUnit, renderUnit } from '#service/systemd/unit.ts';
import { SPEC } from '../../support/imagined-service.ts';
import type { Readers } from './reader.ts';

const PATHS = [
  '/',
  'opt',
  'hephd',
  ' ',
  '"',
  "'",
  '\\',
  '$',
  '%',
  '&',
  '<',
  ']]>',
  '\u0085',
  '\ufffd',
  'é',
  '--mode',
  '\n',
  '\t',
  '#',
  ';',
];

/** What service managers print, and the files that they read. */
export const READERS: Readers = {
  'launchctl print': {
    read: (text) => {
      const printed = parsePrint(text);
      isOutdated(printed, { program: ['/opt/hephd'], log: '/log', exitTimeoutS: 30, throttleS: 5 });
      return [printedActivity(printed), lastExitOf(printed), restartsOf(printed)];
    },
    words: [
      '\t',
      'state = running',
      '\n',
      'pid = ',
      '4711',
      ' = {',
      '}',
      'last exit code = ',
      '=>',
      '(never exited)',
      '\tlast terminating signal = Killed: 9',
      '\targuments = {\n\t\t/opt/hephd\n\t}',
      '\truns = ',
      'properties = keepalive',
    ],
  },
  'launchctl says': {
    read: (text) => meaningOf({ code: text.length % 160, stderr: text }),
    words: [
      'Could not find service',
      'Input/output error',
      'Domain does not support',
      '36: Operation now in progress',
      '\n',
      '5: ',
    ],
  },
  plist: {
    read: programOfPlist,
    words: [
      '<plist>',
      '<dict>',
      '<key>',
      'ProgramArguments',
      '</key>',
      '<array>',
      '<string>',
      '</string>',
      '</array>',
      '</dict>',
      '</plist>',
      '&',
      '&amp;',
      '<![CDATA[',
      ']]>',
      '<!ENTITY x "y">',
      '<integer>1</integer>',
      '<true/>',
      '<!--',
      '-->',
      '<date>',
    ],
  },
  'plist of a path': {
    read: (text) => {
      const program = [`/${text}`, ...text.split(' ')];
      const words = programOfPlist(renderPlist({ ...SPEC, program }));
      deepEqual(words, program);
    },
    words: PATHS,
    refusals: [ServiceError],
  },
  'systemctl show': {
    read: (text) => {
      const shown = parseShow(text);
      return [
        activityOf(shown),
        shownExit(shown),
        obstacleOf(shown, 'heph.service'),
        complaintOf(shown),
        executableOf(shown),
      ];
    },
    words: [
      'ActiveState=',
      'active',
      '\n',
      'ExecMainStatus=',
      '78',
      'NRestarts=',
      '-1',
      '=',
      'Result=',
      'ExecMainCode=1',
      'SubState=auto-restart',
      'ActiveState=activating',
      'LoadState=masked',
      'UnitFileState=masked-runtime',
      'ExecStart={ path=/opt/hephd ; argv[]=',
      'LoadState=bad-setting',
    ],
  },
  unit: {
    read: (text) => {
      const words = programOfUnit(text);
      if (words !== null) ok(words.every((word) => typeof word === 'string'));
      ownership({ kind: 'file', text, uid: SPEC.uid, mode: 0o644 }, SPEC, text, programOfUnit);
    },
    words: [
      '[Service]',
      '\n',
      'ExecStart=',
      '"',
      '\\',
      '%%',
      '$',
      "'",
      '\\x20',
      ' ',
      '/bin/sh -c ',
      MARKER,
      'hephd',
      '-@',
    ],
  },
  'unit of a path': {
    read: (text) => {
      const program = [`/${text}`, ...text.split(' ')];
      deepEqual(programOfUnit(renderUnit({ ...SPEC, program })), program);
    },
    words: PATHS,
    refusals: [ServiceError],
  },
  'path of a program': {
    read: async (text) => {
      passingPlace(text, '/home/ada');
      const stable = await stablePath(text, '/home/ada', async (path) =>
        Promise.resolve(path.length > 8 ? 'same' : path),
      );
      ok(typeof stable === 'string');
    },
    words: [
      '/Cellar/',
      'node',
      '/',
      '/installs/',
      '22.1',
      '/node-versions/',
      '/installation/',
      '/nix/store/',
      '/_npx/',
      '/dlx-1/',
      '/tmp',
      '~',
      '$1',
      '$&',
    ],
  },
};
