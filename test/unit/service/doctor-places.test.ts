import { describe, expect, test } from 'vitest';
import type { Checkup } from '#service/checkup.ts';
import { diagnose, type CheckName, type Finding } from '#service/doctor.ts';
import { placed, well } from '../../support/imagined-checkup.ts';
import { place, SPEC } from '../../support/imagined-service.ts';

const { paths, unitPath: UNIT } = SPEC;
const START = 'heph daemon start';
const RESTART = 'heph daemon restart';

describe('what is wrong with a place is found, with what mends it', () => {
  test.each<[string, CheckName, Partial<Checkup>, Finding['state'], string, string | null]>([
    [
      'no socket at all (E1)',
      'socket',
      placed({ socket: place('file', 0o600) }),
      'bad',
      `${paths.socket} is no socket`,
      `move it away: mv '${paths.socket}' '${paths.socket}.old'`,
    ],
    [
      "somebody else's socket (E1)",
      'socket',
      placed({ socket: place('socket', 0o600, 0) }),
      'bad',
      `${paths.socket} belongs to user 0`,
      `have it removed: sudo rm '${paths.socket}'`,
    ],
    [
      'silence',
      'socket',
      { probe: { kind: 'silent' } },
      'bad',
      `somebody listens on ${paths.socket} and says nothing`,
      RESTART,
    ],
    [
      'nobody',
      'socket',
      { probe: { kind: 'nobody' }, ...placed({ socket: null }) },
      'bad',
      `nobody answers on ${paths.socket}`,
      START,
    ],
    [
      'a socket left behind (E1)',
      'socket',
      { probe: { kind: 'nobody' } },
      'bad',
      `${paths.socket} was left by a daemon that was killed`,
      START,
    ],
    [
      "another user's folder (B3)",
      'permissions',
      placed({ dataDir: place('folder', 0o700, 0) }),
      'bad',
      `${paths.dataDir} belongs to user 0`,
      `sudo chown 1000 '${paths.dataDir}'`,
    ],
    [
      "another user's home",
      'permissions',
      placed({ home: place('folder', 0o755, 0) }),
      'bad',
      '/home/ada belongs to user 0',
      "sudo chown 1000 '/home/ada'",
    ],
    [
      'a unit that others may write (A8)',
      'permissions',
      placed({ unit: place('file', 0o664) }),
      'bad',
      `${UNIT} is open to others`,
      `chmod 0644 '${UNIT}'`,
    ],
  ])('%s', (_, check, harm, state, says, mend) => {
    const found = diagnose({ ...well, ...harm }).filter((finding) => finding.check === check);
    expect(found).toEqual([{ check, state, says, mend }]);
  });

  test('each of several places that are open is named', () => {
    const harm = placed({
      dataDir: place('folder', 0o750),
      db: place('file', 0o644),
      log: place('file', 0o640),
      config: place('file', 0o646),
    });
    const found = diagnose({ ...well, ...harm }).filter(({ check }) => check === 'permissions');
    expect(found.map(({ mend }) => mend)).toEqual([
      `chmod 0700 '${paths.dataDir}'`,
      `chmod 0600 '${paths.db}'`,
      `chmod 0600 '${paths.log}'`,
      `chmod 0644 '${paths.config}'`,
    ]);
  });

  test('what may be open is: a home to all, a link to whatever it leads to', () => {
    const harm = placed({
      home: place('folder', 0o777),
      db: place('link', 0o777, 0),
      config: place('file', 0o644),
    });
    const found = diagnose({ ...well, ...harm }).filter(({ check }) => check === 'permissions');
    expect(found.map(({ state }) => state)).toEqual(['good']);
  });
});
