import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { VERSION } from '#protocol/version.ts';
import { SCHEMA } from '#store/migrations/list.ts';
import { NEXT_VERSION, root } from '../../scripts/support.ts';

export const [OLD, NEW] = [VERSION, NEXT_VERSION];

/** What hephd to build: its version, and whether it knows a schema that no other can read. */
const BUILDS = {
  old: { version: OLD, migrates: false },
  new: { version: NEW, migrates: true },
  same: { version: NEW, migrates: false },
} as const;
type Build = keyof typeof BUILDS;

/** The schema of a store that such a hephd has opened. */
export const SCHEMAS: Readonly<Record<Build, number>> = {
  old: SCHEMA,
  new: SCHEMA + 1,
  same: SCHEMA,
};

/** Build this tree as each of them, into a folder each. */
export async function buildVersions(folder: string): Promise<void> {
  await symlink(`${root}/node_modules`, `${folder}/node_modules`);
  await writeFile(`${folder}/package.json`, '{ "type": "module" }\n');
  for (const name of Object.keys(BUILDS)) await buildVersion(name as Build, `${folder}/${name}`);
}

/** Text by path. */
export type VersionFiles = Readonly<Record<string, string>>;

/** What a version's folder holds: a hephd that was built, and may be made to die. */
export function filesOf(folder: string, name: Build, failsTrial = false): VersionFiles {
  const { version } = BUILDS[name];
  const hephd = `#!/bin/sh
case $REHEARSE$1 in
  no--version) echo "hephd ${version} (quick)"; exit ;;
  no--self-test) exit ;;
esac
DIE_EXECUTABLE=$(dirname "$0")/../lib/node
DIE_TRIAL=${failsTrial ? 'yes' : 'no'}
export DIE_EXECUTABLE DIE_TRIAL
exec '${process.execPath}' --import '${folder}/${name}/die-before.js' '${folder}/${name}/hephd.js' "$@"
`;
  return {
    VERSION: `${version}\n`,
    'bin/hephd': hephd,
    'lib/node': `#!/bin/sh\nexec '${process.execPath}' "$@"\n`,
  };
}

async function buildVersion(name: Build, outdir: string): Promise<void> {
  const { version, migrates } = BUILDS[name];
  await mkdir(outdir);
  await build({
    entryPoints: {
      hephd: `${root}/src/bin/hephd.ts`,
      reader: `${root}/src/bin/reader.ts`,
      'die-before': `${root}/test/support/die-before.ts`,
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['better-sqlite3'],
    define: { HEPH_BUILD_VERSION: JSON.stringify(version) },
    banner: {
      js: "import { createRequire as hephRequire } from 'node:module'; const require = hephRequire(import.meta.url);",
    },
    plugins: migrates ? [nextSchema] : [],
    logLevel: 'warning',
  });
}

const nextSchema: Plugin = {
  name: 'next-schema',
  setup: (made) =>
    made.onLoad({ filter: /migrations\/list\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const longer = text.replace(
        /(MIGRATIONS[^\n]*)\];/,
        "$1, 'CREATE TABLE next_one (x TEXT) STRICT'];",
      );
      if (longer === text) throw new Error(`cannot add a migration to ${path}`);
      return { contents: longer, loader: 'ts' };
    }),
};
