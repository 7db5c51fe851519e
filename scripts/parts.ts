import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { bundledPackages } from './build.ts';
import { checkLicences, licenceOfOurs } from './licences.ts';
import { sqliteParts } from './sqlite-parts.ts';
import { bunTargets, platform, root, toolFile } from './support.ts';

/** Something in an artefact that is not heph's own. */
export interface Part {
  name: string;
  version: string;
  kind: 'library' | 'platform';
  /** An id of SPDX's list, or an expression of it with spaces; empty where none is named. */
  licence: string;
  licenceText: string;
  purl: string;
  /** What databases of known holes call it. */
  cpe?: string;
  /** Of the package's archive, as package-lock.json has it. */
  integrity?: string;
}

/** Compiled into SQLite's binary, and so in no bundle. */
const COMPILED = ['better-sqlite3', 'node-addon-api'];
const { packages: lock } = JSON.parse(await readFile(`${root}/package-lock.json`, 'utf8')) as {
  packages: Record<string, { version?: string; integrity?: string }>;
};

/**
 * Everything in an artefact for this platform that is not heph's own: what its papers are made from.
 * @param runtime the package that brought its Node.
 * @throws for what may not be shipped, or cannot be described.
 */
export async function partsOf(runtime: string): Promise<Part[]> {
  const folders = [...(await bundledPackages()), ...COMPILED.map((each) => `node_modules/${each}`)];
  const parts = [
    ...(await Promise.all(folders.map((folder) => packageIn(folder)))),
    ...(await sqliteParts()),
    await node(runtime),
    ...(await bunAndWebkit()),
  ];
  checkLicences(parts);
  return parts;
}

async function node(runtime: string): Promise<Part> {
  const brought = await packageIn(`node_modules/${runtime}`);
  const cpe = `cpe:2.3:a:nodejs:node.js:${brought.version}:*:*:*:*:*:*:*`;
  return { ...brought, name: 'node', kind: 'platform', cpe };
}

/** Its package has no licence file, and says nothing of the engine within, whose licence is another. */
async function bunAndWebkit(): Promise<Part[]> {
  const name = bunTargets[platform]?.package ?? 'bun';
  const text = await licenceOfOurs('bun-licence');
  const bun = await packageIn(`node_modules/${name}`, text);
  const { stdout: commit } = await execa(toolFile(`${name}/bin/bun`), [
    '--print',
    'process.versions.webkit',
  ]);
  const webkit = {
    name: 'WebKit',
    version: commit,
    kind: 'library',
    licence: 'LGPL-2.0-only',
    licenceText: `In the runtime of bun, whose licence is above.\n\n${await licenceOfOurs('lgpl-2.0')}`,
    purl: `pkg:github/oven-sh/webkit@${commit}`,
  } as const;
  return [{ ...bun, name: 'bun', kind: 'platform' }, webkit];
}

async function packageIn(folder: string, licenceText?: string): Promise<Part> {
  const text = await readFile(`${root}/${folder}/package.json`, 'utf8');
  const { name, version, license } = JSON.parse(text) as PackageJson;
  return {
    name,
    version,
    kind: 'library',
    licence: typeof license === 'string' ? license : '',
    licenceText: licenceText ?? (await licenceIn(folder, name)),
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    integrity: integrityOf(folder, name, version),
  };
}

interface PackageJson {
  name: string;
  version: string;
  /** A text, in all but old packages. */
  license?: unknown;
}

async function licenceIn(folder: string, name: string): Promise<string> {
  const files = await readdir(`${root}/${folder}`);
  const file = files.find((each) => /^licen[cs]e(?:\.\w+)?$/i.test(each));
  if (file === undefined) throw new Error(`cannot package ${name}: it has no licence file`);
  return readFile(`${root}/${folder}/${file}`, 'utf8');
}

function integrityOf(folder: string, name: string, version: string): string {
  const locked = lock[folder];
  if (locked?.integrity !== undefined && locked.version === version) return locked.integrity;
  throw new Error(
    `cannot package ${name}: ${version} is not what package-lock.json has\nrun npm ci first`,
  );
}
