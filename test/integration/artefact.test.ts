import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { bundledPackages } from '../../scripts/build.ts';
import { platform } from '../../scripts/support.ts';

/** bullseye has 2.31; Node itself asks for 2.28, so that there is nothing to win below. */
const OLDEST_GLIBC = 28;

const client = process.env['HEPH_TEST_CLIENT'];
const folder = client === undefined ? null : dirname(dirname(client));
const BINARIES = [
  'bin/heph',
  'lib/node',
  `lib/node_modules/better-sqlite3/prebuilds/${platform}.node`,
];

test.runIf(platform.startsWith('linux-') && folder !== null)(
  'no program of the artefact asks for a glibc newer than 2.28',
  () => {
    for (const binary of BINARIES) {
      const versions = readFileSync(`${folder}/${binary}`, 'latin1').matchAll(/GLIBC_2\.(\d+)/g);
      const newest = Math.max(...[...versions].map(([, minor]) => Number(minor)));
      expect(newest, binary).toBeGreaterThan(0);
      expect(newest, binary).toBeLessThanOrEqual(OLDEST_GLIBC);
    }
  },
);

test.runIf(folder !== null)(
  'the licence of everything that is in the artefact is in it',
  async () => {
    const papers = readFileSync(`${folder}/THIRD-PARTY.txt`, 'utf8');
    const others = ['better-sqlite3', 'node-addon-api', 'bun'];
    const packages = [...(await bundledPackages()), ...others];
    expect(packages.length).toBeGreaterThan(20);
    for (const name of packages) expect(papers).toMatch(new RegExp(`^${name}$`, 'm'));
    expect(papers).toMatch(/^node-[\w-]+$/m);
  },
);
