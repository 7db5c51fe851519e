import { expect, test } from 'vitest';
import { whyNotReplaced, type Installation } from '#daemon/install-kind.ts';

const INSTALLED: Installation = {
  env: { HEPH_LAUNCHER: '42' },
  pid: 42,
  executable: '/home/ada/.local/share/heph/versions/1.0.0/lib/node',
  script: '/home/ada/.local/share/heph/versions/1.0.0/lib/hephd.js',
  dataDir: '/home/ada/.local/share/heph',
};
const NODE = '/usr/bin/node';

test('what install.sh put there, and its launcher started, replaces itself', () => {
  expect(whyNotReplaced(INSTALLED)).toBeNull();
  for (const off of ['', '0'])
    expect(
      whyNotReplaced({ ...INSTALLED, env: { ...INSTALLED.env, HEPH_NO_SELF_UPDATE: off } }),
    ).toBeNull();
});

test.each<[string, Partial<Installation>, RegExp]>([
  [
    'forbidden',
    { env: { HEPH_LAUNCHER: '42', HEPH_NO_SELF_UPDATE: '1' } },
    /^HEPH_NO_SELF_UPDATE is set$/,
  ],
  ['started by hand', { env: {} }, /heph daemon start$/],
  ['a child of one that was', { pid: 43 }, /heph daemon start$/],
  [
    'from npm',
    { executable: NODE, script: '/usr/lib/node_modules/hephaestus/dist/hephd.js' },
    /^npm has .*npm install/,
  ],
  [
    'a working tree',
    { executable: NODE, script: `${process.cwd()}/src/bin/hephd.ts` },
    /^it is a working tree; .*git pull/,
  ],
  [
    'an artefact that is only unpacked',
    { executable: '/opt/heph/lib/node', script: '/opt/heph/lib/hephd.js' },
    /install\.sh/,
  ],
])('%s: it does not, and says who does', (_, more, why) => {
  expect(whyNotReplaced({ ...INSTALLED, ...more })).toMatch(why);
});
