import { readdir, readFile } from 'node:fs/promises';
import { bundledPackages } from './build.ts';
import { root } from './support.ts';

/** Compiled into SQLite's binary, and so in no bundle. */
const COMPILED = ['better-sqlite3', 'node-addon-api'];
const BREAK = `\n${'-'.repeat(72)}\n\n`;

/**
 * The licence of everything in an artefact that is not heph's own.
 * @param runtime the package that brought its Node.
 * @throws when a package has no licence file.
 */
export async function thirdParties(runtime: string): Promise<string> {
  const packages = [...(await bundledPackages()), ...COMPILED, runtime];
  const texts = await Promise.all(
    packages.map(async (each) => `${each}\n\n${await licenceOf(each)}\n`),
  );
  const bun = await readFile(`${root}/scripts/artefact/bun-licence.txt`, 'utf8');
  return [...texts, `bun\n\n${bun}`].join(BREAK);
}

async function licenceOf(each: string): Promise<string> {
  const folder = `${root}/node_modules/${each}`;
  const files = await readdir(folder);
  const file = files.find((name) => /^licen[cs]e(?:\.\w+)?$/i.test(name));
  if (file === undefined) throw new Error(`cannot package ${each}: it has no licence file`);
  return readFile(`${folder}/${file}`, 'utf8');
}
