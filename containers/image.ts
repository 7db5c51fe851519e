import { createHash } from 'node:crypto';
import { glob, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPackages } from './apt.ts';
import { debianMirror } from './apt-sources.ts';
import { exclusively } from './lock.ts';
import { isInstalled, messageOf, output, run, say } from './run.ts';

/** What every Debian becomes a target by; a folder with a Dockerfile of its own goes its own way. */
const RECIPE = path.join(import.meta.dirname, 'Dockerfile');

/** Every folder here with a file `base`, which names its base image, is an OS target of that name. */
async function targets(): Promise<string[]> {
  const files = await Array.fromAsync(glob('*/base', { cwd: import.meta.dirname }));
  return files.map((file) => path.dirname(file)).toSorted();
}

/**
 * Builds the image of a target unless it is there, and gives its tag. The tag carries a hash of the
 * target's folder and its recipe: a changed folder is a new image, and checkouts that differ do not disturb each
 * other. `DOCKER_HOST` has to point at a running engine.
 */
export async function ensureImage(target: string): Promise<string> {
  const folder = path.join(import.meta.dirname, target);
  const known = await targets();
  if (!known.includes(target))
    throw new Error(`no target ${target}; there are ${known.join(', ')}`);
  const recipe = await recipeOf(folder);
  const tag = `heph-target:${target}-${await hashOf(folder, recipe)}`;
  if (await isLocal(tag)) return tag;

  await using _ = await exclusively('image');
  if (await isLocal(tag)) return tag;
  const base = await baseOf(folder);
  await ensureBase(base);
  say(`building ${tag}`);
  // The engine has no bridge, so the build borrows the machine's network; BuildKit cannot.
  const how = ['--network', 'host', '--file', recipe];
  const args = [`BASE=${base}`, `PACKAGES=${await packagesOf(folder)}`];
  const build = ['build', ...how, ...args.flatMap(buildArg), ...proxyArgs(), '--tag', tag, folder];
  await output('docker', build, { env: { DOCKER_BUILDKIT: '0' }, timeoutMs: 600_000 });
  return tag;
}

const isLocal = async (tag: string): Promise<boolean> => {
  const found = await run('docker', ['image', 'inspect', '--format', '{{.Id}}', tag]);
  return found.code === 0;
};

async function recipeOf(folder: string): Promise<string> {
  const own = path.join(folder, 'Dockerfile');
  return (await stat(own).catch(() => null)) === null ? RECIPE : own;
}

async function hashOf(folder: string, recipe: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(recipe));
  const files = await Array.fromAsync(glob('**', { cwd: folder }));
  for (const file of files.toSorted()) {
    const { mode } = await stat(path.join(folder, file));
    const content = await readFile(path.join(folder, file)).catch(() => Buffer.alloc(0));
    hash.update(`${file}\0${mode & 0o100}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

async function baseOf(folder: string): Promise<string> {
  const base = (await readFile(path.join(folder, 'base'), 'utf8')).trim();
  if (base === '') throw new Error(`${folder}/base names no image`);
  return base;
}

const buildArg = (value: string): string[] => ['--build-arg', value];

/** What a target has besides what each has: the words of its file `packages`, which need not be there. */
async function packagesOf(folder: string): Promise<string> {
  const list = await readFile(path.join(folder, 'packages'), 'utf8').catch(() => '');
  return list.trim().replaceAll(/\s+/g, ' ');
}

async function ensureBase(base: string): Promise<void> {
  if (await isLocal(base)) return;
  say(`pulling ${base}`);
  const pulled = await run('docker', ['pull', '--quiet', base], { timeoutMs: 90_000 });
  if (pulled.code === 0) return;
  const suite = /^debian:(?<suite>[a-z]+)$/.exec(base)?.groups?.suite;
  if (suite === undefined) throw new Error(`cannot pull ${base}: ${pulled.stderr.trim()}`);
  say(`no registry gives ${base}, so it is made from packages`);
  try {
    await makeBase(suite, base);
  } catch (error) {
    const reasons = `${pulled.stderr.trim()}; ${messageOf(error)}`;
    throw new Error(`can neither pull nor make ${base}: ${reasons}`, { cause: error });
  }
}

async function makeBase(suite: string, tag: string): Promise<void> {
  if (!(await isInstalled('mmdebstrap'))) await installPackages(['mmdebstrap']);
  const { uri, keyring } = await debianMirror();
  const folder = await mkdtemp(path.join(tmpdir(), 'heph-base-'));
  const tar = path.join(folder, 'base.tar');
  try {
    const options = ['--variant=minbase', ...(keyring === undefined ? [] : trusting(keyring))];
    if (uri.startsWith('https:')) options.push('--include=ca-certificates');
    if (pastItsDate.has(suite)) options.push('--aptopt=Acquire::Check-Valid-Until "false"');
    await output('mmdebstrap', [...options, suite, tar, uri], { timeoutMs: 600_000 });
    await output('docker', ['import', '--change', 'CMD ["bash"]', tar, tag]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The mirror's key, for mmdebstrap and for the apt of the image that is built on top. */
const trusting = (keyring: string): string[] => [
  `--keyring=${keyring}`,
  `--customize-hook=copy-in ${keyring} /etc/apt/trusted.gpg.d`,
];

/** Suites in the making, whose release file a mirror often serves after its date. */
const pastItsDate = new Set(['forky']);

/** Docker knows these names: they reach every RUN and are kept out of the image. */
function proxyArgs(): string[] {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'];
  return [...names, ...names.map((name) => name.toUpperCase())].flatMap((name) =>
    process.env[name] ? ['--build-arg', name] : [],
  );
}
