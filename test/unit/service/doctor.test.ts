import { describe, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import type { Checkup } from '#service/checkup.ts';
import { diagnose, type CheckName, type Finding } from '#service/doctor.ts';
import { ServiceError, type Observed } from '#service/service.ts';

const HOME = '/home/ada';
const paths = defaultPaths(HOME);
const UNIT = `${HOME}/.config/systemd/user/heph.service`;
const GIB = 1024 ** 3;

const observed: Observed = {
  file: { kind: 'ours', text: '', isCurrent: true, executable: '/opt/hephd' },
  loaded: true,
  enabled: true,
  obstacle: null,
  complaint: null,
  source: UNIT,
  isStale: false,
  overriddenBy: null,
  activity: { state: 'running', pid: 42 },
  restarts: 0,
  lastExit: null,
  dropIns: [],
};
const place = (type: 'file' | 'folder' | 'socket', mode: number, uid = 1000) =>
  ({ type, mode, uid, bytes: 1 }) as const;
const answers = { kind: 'answers', pid: 42, version: '1', startedAtMs: 0 } as const;

/** A machine where all is well. */
const well: Checkup = {
  spec: {
    name: 'heph.service',
    home: HOME,
    uid: 1000,
    unitPath: UNIT,
    program: ['/opt/hephd', '--mode', 'local'],
    paths,
    version: '1',
  },
  sighting: { observed, probe: answers, installedVersion: '1' },
  unreachable: null,
  probe: answers,
  linger: true,
  places: {
    home: place('folder', 0o755),
    dataDir: place('folder', 0o700),
    db: place('file', 0o600),
    socket: place('socket', 0o600),
    log: place('file', 0o600),
    config: null,
    unit: place('file', 0o644),
  },
  missing: [],
  store: { kind: 'sound' },
  settings: { kind: 'sound' },
  freeBytes: 20 * GIB,
  systemWide: null,
  variables: [],
};
const seen = (more: Partial<Observed>): Pick<Checkup, 'sighting'> => ({
  sighting: {
    observed: { ...observed, ...more },
    probe: more.activity ? { kind: 'nobody' } : answers,
    installedVersion: '1',
  },
});
const placed = (more: Partial<Checkup['places']>) => ({ places: { ...well.places, ...more } });

test('where all is well every check says so, once', () => {
  const findings = diagnose(well);
  expect(findings.every(({ state, mend }) => state === 'good' && mend === null)).toBe(true);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
});

describe('what is wrong is found, with what mends it', () => {
  test.each<[string, CheckName, Partial<Checkup>, Finding['state'], RegExp, RegExp]>([
    [
      'no manager (B4)',
      'manager',
      { sighting: null, unreachable: new ServiceError('unreachable', 'cannot: none', 'hephd') },
      'bad',
      /cannot: none/,
      /^hephd$/,
    ],
    ['not installed', 'unit', seen({ file: { kind: 'absent' } }), 'bad', /not installed/, /start$/],
    [
      'masked (C12)',
      'unit',
      seen({ obstacle: { kind: 'refused', why: 'it is masked', hint: 'unmask' } }),
      'bad',
      /masked/,
      /^unmask$/,
    ],
    [
      'a text the manager does not take',
      'unit',
      seen({ complaint: 'systemd cannot load it (bad-setting)' }),
      'bad',
      /bad-setting/,
      /restart$/,
    ],
    [
      'another file read (C14)',
      'unit',
      seen({ source: '/etc/x' }),
      'bad',
      /reads \/etc\/x in place/,
      /move/,
    ],
    ['an older text (C2)', 'unit', seen({ isStale: true }), 'bad', /not what/, /restart$/],
    ['a drop-in', 'drop-ins', seen({ dropIns: ['/x.conf'] }), 'note', /yours: \/x\.conf/, /^$/],
    [
      'a drop-in with a program (C3)',
      'drop-ins',
      seen({ dropIns: ['/x.conf'], overriddenBy: '/bin/true' }),
      'bad',
      /\/bin\/true/,
      /ExecStart/,
    ],
    ['switched off', 'login', seen({ enabled: false }), 'bad', /not come at login/, /start$/],
    [
      'a crash loop (A14)',
      'process',
      seen({ activity: { state: 'respawning' }, lastExit: { code: 3, signal: null } }),
      'bad',
      /keeps ending \(exit code 3\)/,
      /logs$/,
    ],
    [
      'given up (E3)',
      'process',
      seen({ activity: { state: 'failed' }, lastExit: { code: null, signal: 'SIGKILL' } }),
      'bad',
      /failed \(SIGKILL\)/,
      /logs/,
    ],
    ['brought back', 'process', seen({ restarts: 4 }), 'note', /brought back 4 times/, /logs$/],
    [
      "somebody else's socket (E1)",
      'socket',
      placed({ socket: place('socket', 0o600, 0) }),
      'bad',
      /user 0/,
      /sudo rm/,
    ],
    [
      'an older daemon (D2)',
      'version',
      { probe: { ...answers, version: '0.9' } },
      'bad',
      /running 0\.9, installed 1/,
      /restart$/,
    ],
    [
      'a program that has gone (D1)',
      'executable',
      { missing: ['/opt/hephd'] },
      'bad',
      /\/opt\/hephd has gone/,
      /restart$/,
    ],
    [
      'a program that will go (D1)',
      'executable',
      { spec: { ...well.spec, program: ['/home/ada/.npm/_npx/1/hephd'] } },
      'bad',
      /npx/,
      /install/,
    ],
    [
      'a damaged store',
      'store',
      { store: { kind: 'broken', why: 'page 4' } },
      'bad',
      /page 4/,
      /keep a copy/,
    ],
    ['a full disk', 'disk', { freeBytes: 5 * 1024 * 1024 }, 'bad', /5 MiB free/, /room/],
    [
      "another user's folder (B3)",
      'permissions',
      placed({ dataDir: place('folder', 0o700, 0) }),
      'bad',
      /belongs to user 0/,
      /sudo chown 1000/,
    ],
    [
      "another user's home",
      'permissions',
      placed({ home: place('folder', 0o755, 0) }),
      'bad',
      /\/home\/ada belongs to user 0/,
      /chown/,
    ],
    [
      'a unit that others may write (A8)',
      'permissions',
      placed({ unit: place('file', 0o664) }),
      'bad',
      /heph\.service is open/,
      /chmod 0644/,
    ],
  ])('%s', (_, check, harm, state, says, mend) => {
    const found = diagnose({ ...well, ...harm }).filter((finding) => finding.check === check);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ state, says: expect.stringMatching(says) });
    expect(found[0]?.mend ?? '').toMatch(mend);
  });

  test('each of several places that are open is named', () => {
    const harm = placed({ db: place('file', 0o644), log: place('file', 0o640) });
    const found = diagnose({ ...well, ...harm }).filter(({ check }) => check === 'permissions');
    expect(found.map(({ mend }) => mend)).toEqual([
      `chmod 0600 '${paths.db}'`,
      `chmod 0600 '${paths.log}'`,
    ]);
  });

  test('what the manager would have to say is unknown while it does not answer', () => {
    const findings = diagnose({ ...well, sighting: null });
    const unknown = findings.filter(({ state }) => state === 'unknown');
    expect(unknown.map(({ check }) => check)).toEqual(['unit', 'drop-ins', 'login', 'process']);
  });
});
