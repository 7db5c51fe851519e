import { describe, expect, test } from 'vitest';
import { MARKER, ownership } from '#service/ownership.ts';
import type { PathEntry } from '#service/service.ts';
import { SPEC } from '../../support/imagined-service.ts';

const WANTED = `# ${MARKER}\n/opt/hephd`;
const MOVE_IT = 'move it away, then try again; nothing was changed';

const file = (text: string, { mode = 0o644, uid = SPEC.uid } = {}): PathEntry => ({
  kind: 'file',
  text,
  mode,
  uid,
});
/** In this test a text's last line is its command line. */
const whose = (entry: PathEntry) =>
  ownership(entry, SPEC, WANTED, (text) => text.split('\n').at(-1)?.split(' ') ?? null);

describe('a file under our name is ours', () => {
  test.each<[string, PathEntry, { isCurrent: boolean; executable: string | null }]>([
    ['as it should be', file(WANTED), { isCurrent: true, executable: '/opt/hephd' }],
    [
      'of another mode (A8)',
      file(WANTED, { mode: 0o664 }),
      { isCurrent: false, executable: '/opt/hephd' },
    ],
    ['of another text', file(`# ${MARKER}\n/x`), { isCurrent: false, executable: '/x' }],
    [
      'by its program, without the marker',
      file('/x/hephd'),
      { isCurrent: false, executable: '/x/hephd' },
    ],
    [
      'by its marker, with a runtime',
      file(`${MARKER}\n/node /x/hephd.js`),
      { isCurrent: false, executable: '/x/hephd.js' },
    ],
    [
      'with an argument that is no script',
      file('/x/hephd --mode'),
      { isCurrent: false, executable: '/x/hephd' },
    ],
  ])('%s', (_, entry, expected) => {
    expect(whose(entry)).toMatchObject({ kind: 'ours', ...expected });
  });

  test.each(['hephd', 'hephd.ts', 'hephd.js', 'hephd.mjs', 'hephd.cts'])('script: %s', (name) => {
    expect(whose(file(`${MARKER}\n/node /x/${name}`))).toMatchObject({ executable: `/x/${name}` });
  });

  test.each(['hephd.jsx', 'hephd.py', 'hephd/x', 'hephd.xjs'])('no script: %s', (name) => {
    expect(whose(file(`${MARKER}\n/node /x/${name}`))).toMatchObject({ executable: '/node' });
  });

  test('with the marker, where its command line cannot be read', () => {
    expect(ownership(file(MARKER), SPEC, WANTED, () => null)).toEqual({
      kind: 'ours',
      text: MARKER,
      isCurrent: false,
      executable: null,
    });
    expect(ownership(file(MARKER), SPEC, WANTED, () => [])).toMatchObject({ executable: null });
  });
});

test.each<[string, PathEntry, string, string]>([
  [
    'a mask',
    { kind: 'link', to: '/dev/null' },
    'masked (a link to /dev/null)',
    'systemctl --user unmask heph.service',
  ],
  ['a link', { kind: 'link', to: '/x' }, 'a link to /x', MOVE_IT],
  ['a folder', { kind: 'other' }, 'not a regular file', MOVE_IT],
  ['a text without program', file(''), 'a file that heph did not write', MOVE_IT],
  [
    "another user's",
    file(WANTED, { uid: 0 }),
    'a file of user 0, not of yours',
    `sudo chown 1000 ${SPEC.unitPath}, then try again; nothing was changed`,
  ],
])('%s is not ours', (_, entry, what, hint) => {
  expect(whose(entry)).toEqual({ kind: 'foreign', what, hint });
});

test('neither is what has no command line and no marker', () => {
  expect(ownership(file('x'), SPEC, WANTED, () => null)).toMatchObject({ kind: 'foreign' });
});

test('nothing is nothing', () => {
  expect(whose({ kind: 'absent' })).toEqual({ kind: 'absent' });
});
