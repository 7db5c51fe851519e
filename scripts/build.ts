/**
 * Build the programs into `dist/`, for people who have Node (`npm pack`); with
 * --compiled also `build/heph`, the client compiled with its runtime.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { execa } from 'execa';
import { buildCommit, buildVersion, bunTargets, platform, root, say, toolFile } from './support.ts';

if (import.meta.main) {
  await bundle(`${root}/dist`, ['heph', 'hephd']);
  say('built dist/');
  if (process.argv.includes('--compiled')) {
    await compileClient(`${root}/build/heph`);
    say('built build/heph');
  }
}

/** JavaScript for Node: the programs and the chunks they share. better-sqlite3 stays a package. */
export async function bundle(outdir: string, programs: Program[]): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await build({ ...bundling(programs), outdir, define: await defines() });
}

/** The packages whose code is in what is built, by their folders below the root, sorted. */
export async function bundledPackages(): Promise<string[]> {
  const options = { ...bundling(['heph', 'hephd']), absWorkingDir: root, outdir: root };
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const folders = Object.keys(metafile.inputs).map((path) =>
    /(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+/.exec(path)?.[0].slice(0, -1),
  );
  return [...new Set(folders.filter((folder) => folder !== undefined))].toSorted();
}

type Program = 'heph' | 'hephd';

function bundling(programs: Program[]): BuildOptions {
  return {
    entryPoints: {
      ...Object.fromEntries(programs.map((name) => [name, `${root}/src/bin/${name}.ts`])),
      reader: `${root}/src/bin/reader.ts`,
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: ['better-sqlite3'],
    // Bundled CommonJS packages ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire as hephRequire } from 'node:module'; const require = hephRequire(import.meta.url);",
    },
    legalComments: 'eof',
    logLevel: 'warning',
  };
}

/** One file with its runtime inside: what makes `heph` start in milliseconds. */
export async function compileClient(outfile: string): Promise<void> {
  const bun = bunTargets[platform];
  if (!bun) throw new Error(`cannot compile the client for ${platform}: npm brings no bun for it`);
  await mkdir(dirname(outfile), { recursive: true });
  const defined = Object.entries(await defines()).flatMap(([name, value]) => [
    '--define',
    `${name}=${value}`,
  ]);
  await execa(
    toolFile(`${bun.package}/bin/bun`),
    [
      'build',
      '--compile',
      '--minify',
      '--bytecode',
      // In chunks: what only 'heph daemon' needs is not even read by the rest.
      '--format=esm',
      '--splitting',
      `--target=${bun.target}`,
      // What the person's environment and folder hold must not change what heph does.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      ...defined,
      `${root}/src/bin/heph.ts`,
      '--outfile',
      outfile,
    ],
    { cwd: root },
  );
}

async function defines(): Promise<Record<string, string>> {
  return {
    HEPH_BUILD_VERSION: JSON.stringify(await buildVersion()),
    HEPH_BUILD_COMMIT: JSON.stringify(await buildCommit()),
  };
}
