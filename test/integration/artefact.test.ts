import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { bundledPackages } from '../../scripts/build.ts';
import { checkLicences } from '../../scripts/licences.ts';
import { platform, root } from '../../scripts/support.ts';

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

describe.runIf(folder !== null)('the papers in the artefact', () => {
  test('name every package that is in it, at its version', async () => {
    const packages = (await bundledPackages()).map((each) => {
      const text = readFileSync(`${root}/${each}/package.json`, 'utf8');
      const { name, version } = JSON.parse(text) as Component;
      return `${name} ${version}`;
    });
    expect(packages.length).toBeGreaterThan(20);
    const withVersions = parts().map(({ name, version }) => `${name} ${version}`);
    expect(withVersions).toEqual(expect.arrayContaining(packages));
    const names = parts().map(({ name }) => name);
    const others = ['better-sqlite3', 'node-addon-api', 'SQLite', 'node', 'bun', 'WebKit'];
    expect(names).toEqual(expect.arrayContaining(others));
    expect(names.length - packages.length).toBe(
      others.length + (platform.startsWith('linux-') ? 4 : 0),
    );
  });

  test('are of the same parts, each once, with a licence that may be shipped', () => {
    const licences = readFileSync(`${folder}/THIRD-PARTY.txt`, 'utf8');
    const sections = licences.split(`\n${'-'.repeat(72)}\n\n`);
    expect(sections.map((each) => each.split('\n\n')[0])).toEqual(parts().map(({ name }) => name));
    const named = parts().map(({ name, licenses: [first] }) => ({
      name,
      licence: first?.license?.id ?? first?.expression ?? '',
    }));
    expect(() => checkLicences(named)).not.toThrow();
    const refs = parts().map((each) => each['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
  });

  test('have a hash of everything that npm brought', () => {
    const isFromNpm = ({ purl }: Component) => purl.startsWith('pkg:npm/');
    const withHash = parts().filter(({ hashes }) =>
      /^[0-9a-f]{128}$/.test(hashes?.[0]?.content ?? ''),
    );
    expect(withHash).toEqual(parts().filter(isFromNpm));
  });

  test('have the versions that its programs say they are', async () => {
    const script = `
      const { default: Database } = await import('${folder}/lib/node_modules/better-sqlite3/lib/index.js');
      const sqlite = new Database(':memory:').prepare('select sqlite_version()').pluck().get();
      console.log(process.versions.node, sqlite)`;
    const ofNode = await execa(`${folder}/lib/node`, ['--input-type=module', '--eval', script]);
    expect(ofNode.stdout).toBe(`${versionOf('node')} ${versionOf('SQLite')}`);
    const print = ['--print', '[process.versions.bun, process.versions.webkit].join(" ")'];
    const ofBun = await execa(`${folder}/bin/heph`, print, { env: { BUN_BE_BUN: '1' } });
    expect(ofBun.stdout).toBe(`${versionOf('bun')} ${versionOf('WebKit')}`);
  });
});

interface Component {
  name: string;
  version: string;
  purl: string;
  'bom-ref': string;
  licenses: { license?: { id: string }; expression?: string }[];
  hashes?: { content: string }[];
}

function parts(): Component[] {
  const text = readFileSync(`${folder}/sbom.cdx.json`, 'utf8');
  return (JSON.parse(text) as { components: Component[] }).components;
}

function versionOf(name: string): string | undefined {
  return parts().find((each) => each.name === name)?.version;
}
