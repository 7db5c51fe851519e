import { describe, expect, test } from 'vitest';
import { parseDaemonOptions, UsageError } from '#daemon/options.ts';

const parse = (argv: string[], env: Record<string, string> = {}) =>
  parseDaemonOptions(argv, env, '/home/ada', '/place');

test('with nothing said it serves the real store on the real socket', () => {
  expect(parse([])).toMatchObject({
    do: 'serve',
    isDefault: true,
    paths: {
      db: '/home/ada/.local/share/heph/heph.db',
      socket: '/home/ada/.local/share/heph/hephd.sock',
    },
  });
});

describe('store and socket are told together', () => {
  const both = { db: '/t/a.db', socket: '/t/a.sock' };
  test.each([
    ['by options', ['--db', both.db, '--socket', both.socket], {}],
    ['by variables', [], { HEPH_DB: both.db, HEPH_SOCKET: both.socket }],
    ['by one of each', ['--db', both.db], { HEPH_SOCKET: both.socket }],
    [
      'by options over variables',
      ['--db', both.db, '--socket', both.socket],
      { HEPH_DB: '/no', HEPH_SOCKET: '/no' },
    ],
    ['with the only mode', ['--mode', 'local', '--db', both.db, '--socket', both.socket], {}],
  ])('%s', (_, argv, env) => {
    expect(parse(argv, env)).toMatchObject({ do: 'serve', isDefault: false, paths: both });
  });

  test('relative ones are of the folder it was started in', () => {
    expect(parse(['--db', 'a.db', '--socket', './a.sock'])).toMatchObject({
      paths: { db: '/place/a.db', socket: '/place/./a.sock' },
    });
  });
});

test.each([
  [
    ['--db', '/t/a.db'],
    {},
    'cannot start with a store but no socket of its own: give --socket or HEPH_SOCKET too',
  ],
  [
    ['--socket', '/t/a.sock'],
    {},
    'cannot start with a socket but no store of its own: give --db or HEPH_DB too',
  ],
  [
    [],
    { HEPH_DB: '/t/a.db' },
    'cannot start with a store but no socket of its own: give --socket or HEPH_SOCKET too',
  ],
  [
    [],
    { HEPH_SOCKET: '/t/a.sock', HEPH_DB: '' },
    'cannot start with a socket but no store of its own: give --db or HEPH_DB too',
  ],
  [['--mode', 'hub'], {}, 'cannot run in mode hub: the only mode is local'],
  [
    ['--port', '1'],
    {},
    expect.stringMatching(/^cannot understand the command line: Unknown option '--port'/),
  ],
  [
    ['start'],
    {},
    expect.stringMatching(/^cannot understand the command line: Unexpected argument 'start'/),
  ],
  [
    ['--db'],
    {},
    expect.stringMatching(
      /^cannot understand the command line: Option '--db <value>' argument missing/,
    ),
  ],
])('%j with %j is refused', (argv, env, message) => {
  const run = () => parse(argv, env);
  expect(run).toThrow(UsageError);
  expect(run).toThrow(expect.objectContaining({ message }));
});

test.each([
  [['--version'], 'version'],
  [['--help'], 'help'],
  [['--help', '--db', '/t/a.db'], 'help'],
])('%j asks for the %s', (argv, what) => {
  expect(parse(argv)).toEqual({ do: what });
});
