import { describe, expect, test } from 'vitest';
import { defaultPaths, overridesFromEnv, resolvePaths, socketPathProblem } from '#config/paths.ts';

const HOME = '/home/ada';
const DATA = `${HOME}/.local/share/heph`;

test("the installed daemon's places depend on the home folder and on nothing else", () => {
  expect(defaultPaths(HOME)).toEqual({
    socket: `${DATA}/hephd.sock`,
    db: `${DATA}/heph.db`,
    config: `${HOME}/.config/heph/config.toml`,
    dataDir: DATA,
    log: `${DATA}/hephd.log`,
    handOver: `${DATA}/hand-over.json`,
    gaveUp: `${DATA}/gave-up.json`,
    verbLock: `${DATA}/heph-daemon.lock`,
    backups: `${DATA}/backups`,
  });
  expect(
    resolvePaths(
      HOME,
      '/anywhere',
      overridesFromEnv({ XDG_DATA_HOME: '/x', XDG_RUNTIME_DIR: '/x', XDG_CONFIG_HOME: '/x' }),
    ),
  ).toEqual(defaultPaths(HOME));
});

describe('what is pointed elsewhere', () => {
  test.each([
    [
      'a socket takes the rest with it',
      { socket: '/t/a.sock' },
      {
        socket: '/t/a.sock',
        db: '/t/heph.db',
        dataDir: '/t',
        log: '/t/hephd.log',
        handOver: '/t/hand-over.json',
      },
    ],
    [
      'a store takes its log and hand-over file',
      { db: '/t/a.db' },
      { socket: `${DATA}/hephd.sock`, db: '/t/a.db', dataDir: '/t', log: '/t/hephd.log' },
    ],
    [
      'both stand where they are said to',
      { socket: '/s/a', db: '/t/a.db' },
      { socket: '/s/a', db: '/t/a.db', handOver: '/t/hand-over.json' },
    ],
    [
      'the settings alone move alone',
      { config: '/t/c.toml' },
      { config: '/t/c.toml', db: `${DATA}/heph.db` },
    ],
    [
      'a relative one is of the present folder',
      { socket: 'x/a.sock', db: 'a.db' },
      { socket: '/place/x/a.sock', db: '/place/a.db', dataDir: '/place' },
    ],
    ['one at the root', { db: '/a.db' }, { dataDir: '/', log: '//hephd.log' }],
  ])('%s', (_, overrides, paths) => {
    expect(resolvePaths(HOME, '/place', overrides)).toMatchObject(paths);
  });

  test('by a variable that is empty is not pointed anywhere', () => {
    const names = overridesFromEnv({ HEPH_SOCKET: '', HEPH_DB: '', HEPH_CONFIG: '' });
    expect(resolvePaths(HOME, '/place', names)).toEqual(defaultPaths(HOME));
  });

  test('each by its own variable', () => {
    expect(overridesFromEnv({ HEPH_SOCKET: '/s', HEPH_DB: '/d', HEPH_CONFIG: '/c' })).toEqual({
      socket: '/s',
      db: '/d',
      config: '/c',
    });
  });
});

test.each([
  ['as long as may be', `/${'x'.repeat(102)}`, null],
  [
    'a byte longer',
    `/${'x'.repeat(103)}`,
    /^its path is 104 bytes long, and 103 is the most; set HEPH_SOCKET/,
  ],
  ['short in letters and long in bytes', `/${'é'.repeat(60)}`, /^its path is 121 bytes long/],
])('a socket path that is %s', (_, path, problem) => {
  if (problem === null) expect(socketPathProblem(path)).toBeNull();
  else expect(socketPathProblem(path)).toMatch(problem);
});
