import { describe, expect, test } from 'vitest';
import type { Checkup } from '#service/checkup.ts';
import { diagnose, type CheckName, type Finding } from '#service/doctor.ts';
import { ServiceError } from '#service/service.ts';
import { MIB, seen, well } from '../../support/imagined-checkup.ts';
import { ANSWERS as answers, OBSERVED, SPEC } from '../../support/imagined-service.ts';

const { paths, unitPath: UNIT } = SPEC;

test('where all is well every check says so, once', () => {
  const said = diagnose(well).map(({ check, says }) => `${check}: ${says}`);
  expect(said).toEqual([
    'manager: the service manager answers',
    `unit: ${UNIT}`,
    'drop-ins: none',
    'login: it comes at login',
    'process: pid 42',
    `socket: hephd answers on ${paths.socket}`,
    'version: 1',
    'executable: /opt/hephd',
    `settings: ${paths.config} can be used, or is not there`,
    `store: ${paths.db} is sound`,
    'permissions: everything is your own, and closed to others',
    'disk: 100 MiB free',
    'linger: it runs on after your last logout',
    'duplicate: no other heph.service',
    'variables: none of heph points elsewhere',
  ]);
  expect(diagnose(well).every(({ state, mend }) => state === 'good' && mend === null)).toBe(true);
});

describe('what is wrong is found, with what mends it', () => {
  const START = 'heph daemon start';
  const RESTART = 'heph daemon restart';
  const LOGS = 'heph daemon logs';
  const stopped = { state: 'stopped' } as const;
  const KEEP = `heph daemon stop, keep a copy of ${paths.db}, then see the how-to on damage`;
  const OUTDATED = `${UNIT} is not what this heph would write`;
  const unreachable = (hint: string | null) => new ServiceError('unreachable', 'cannot', hint);
  const program = (...words: string[]) => ({ spec: { ...SPEC, program: words } });

  test.each<[string, CheckName, Partial<Checkup>, Finding['state'], string, string | null]>([
    ['no manager (B4)', 'manager', { unreachable: unreachable('hephd') }, 'bad', 'cannot', 'hephd'],
    [
      'no word on that',
      'manager',
      { unreachable: unreachable(null) },
      'bad',
      'cannot',
      'heph daemon status',
    ],
    [
      'not installed',
      'unit',
      seen({ file: { kind: 'absent' } }),
      'bad',
      'hephd is not installed',
      START,
    ],
    [
      'not ours',
      'unit',
      seen({ file: { kind: 'foreign', what: 'a link', hint: 'move it' } }),
      'bad',
      `${UNIT} is a link`,
      'move it',
    ],
    [
      'masked (C12)',
      'unit',
      seen({ obstacle: { kind: 'refused', why: 'it is masked', hint: 'unmask' } }),
      'bad',
      'heph.service: it is masked',
      'unmask',
    ],
    [
      'a text the manager does not take',
      'unit',
      seen({ complaint: 'it cannot' }),
      'bad',
      'it cannot',
      RESTART,
    ],
    [
      'another file read (C14)',
      'unit',
      seen({ source: '/etc/x' }),
      'bad',
      `the manager reads /etc/x in place of ${UNIT}`,
      'move /etc/x away',
    ],
    ['no file read', 'unit', seen({ source: null }), 'good', UNIT, null],
    ['an older text (C2)', 'unit', seen({ isStale: true }), 'bad', OUTDATED, RESTART],
    [
      'an older file (C2)',
      'unit',
      seen({ file: { kind: 'ours', text: '', isCurrent: false, executable: null } }),
      'bad',
      OUTDATED,
      RESTART,
    ],
    [
      'drop-ins',
      'drop-ins',
      seen({ dropIns: ['/x.conf', '/y.conf'] }),
      'note',
      'these change the service, and are yours: /x.conf, /y.conf',
      null,
    ],
    [
      'a drop-in with a program (C3)',
      'drop-ins',
      seen({ dropIns: ['/x.conf'], overriddenBy: '/bin/true' }),
      'bad',
      '/x.conf: has it run /bin/true, which heph did not write',
      'take ExecStart out',
    ],
    ['switched off', 'login', seen({ enabled: false }), 'bad', 'it does not come at login', START],
    ['no login', 'login', seen({ file: { kind: 'absent' } }), 'unknown', 'not installed', null],
    [
      "somebody else's daemon (E4)",
      'process',
      {
        sighting: {
          observed: { ...OBSERVED, activity: stopped },
          probe: answers,
          installedVersion: '1',
          isHeldBack: false,
        },
      },
      'bad',
      `another hephd, pid 42, which no service manager runs, answers on ${paths.socket}`,
      `kill 42, then ${START}`,
    ],
    [
      'a crash loop (A14)',
      'process',
      seen({ activity: { state: 'respawning' }, lastExit: { code: 3, signal: null } }),
      'bad',
      'it keeps ending (exit code 3)',
      LOGS,
    ],
    [
      'given up (E3)',
      'process',
      seen({ activity: { state: 'failed' }, lastExit: { code: null, signal: 'SIGKILL' } }),
      'bad',
      'it failed (SIGKILL)',
      `${LOGS}, then ${START}`,
    ],
    [
      'failed',
      'process',
      seen({ activity: { state: 'failed' } }),
      'bad',
      'it failed',
      `${LOGS}, then ${START}`,
    ],
    ['stopped', 'process', seen({ activity: stopped }), 'bad', 'it is not running', START],
    [
      'brought back',
      'process',
      seen({ restarts: 1 }),
      'note',
      'pid 42, brought back 1 times',
      LOGS,
    ],
    ['not counted', 'process', seen({ restarts: null }), 'good', 'pid 42', null],
    ['no version', 'version', { probe: { kind: 'nobody' } }, 'unknown', 'no daemon answers', null],
    [
      'an older daemon (D2)',
      'version',
      { probe: { ...answers, version: '0.9' } },
      'bad',
      'running 0.9, installed 1',
      RESTART,
    ],
    [
      'a program that has gone (D1)',
      'executable',
      { missing: ['/opt/node', '/opt/hephd'] },
      'bad',
      '/opt/node, /opt/hephd has gone',
      `install heph again, then ${RESTART}`,
    ],
    [
      'a program that will go (D1)',
      'executable',
      program('/opt/node', '/home/ada/.npm/_npx/1/hephd'),
      'bad',
      "hephd lies in npx's cache, which is emptied sooner or later",
      'install heph',
    ],
    [
      'two programs',
      'executable',
      program('/opt/node', '/opt/hephd', '-x'),
      'good',
      '/opt/node /opt/hephd',
      null,
    ],
    [
      'settings that cannot be used',
      'settings',
      { settings: { kind: 'broken', why: 'line 3' } },
      'bad',
      'line 3',
      'heph config list',
    ],
    [
      'a damaged store',
      'store',
      { store: { kind: 'broken', why: 'page 4' } },
      'bad',
      'page 4',
      KEEP,
    ],
    [
      'no word on it',
      'store',
      { store: { kind: 'unknown', why: 'silence' } },
      'unknown',
      'silence',
      null,
    ],
    [
      'a full disk',
      'disk',
      { freeBytes: 100 * MIB - 1 },
      'bad',
      `99 MiB free for ${paths.dataDir}`,
      'make room',
    ],
    ['no disk', 'disk', { freeBytes: null }, 'unknown', `${paths.dataDir} is not there yet`, null],
    [
      'an end with the last logout (B5)',
      'linger',
      { linger: false },
      'note',
      'it ends with your last logout',
      'to keep it: loginctl enable-linger',
    ],
    [
      'no word on that',
      'linger',
      { linger: null },
      'unknown',
      'whether it runs on after your last logout',
      null,
    ],
    [
      'one of the same name (B6)',
      'duplicate',
      { systemWide: '/etc/x' },
      'note',
      'the machine has a heph.service of its own: /etc/x',
      'remove one of the two',
    ],
    [
      'variables',
      'variables',
      { variables: ['HEPH_DB', 'HEPH_SOCKET'] },
      'note',
      'HEPH_DB, HEPH_SOCKET point commands, not the service, elsewhere',
      'unset HEPH_DB HEPH_SOCKET',
    ],
  ])('%s', (_, check, harm, state, says, mend) => {
    const found = diagnose({ ...well, ...harm }).filter((finding) => finding.check === check);
    expect(found).toEqual([{ check, state, says, mend }]);
  });

  test('what the manager would have to say is unknown while it does not answer', () => {
    const findings = diagnose({ ...well, sighting: null });
    const unknown = findings.filter(({ state }) => state === 'unknown');
    expect(unknown.map(({ check }) => check)).toEqual(['unit', 'drop-ins', 'login', 'process']);
    for (const { says } of unknown) expect(says).toBe('the service manager could not be asked');
  });
});
