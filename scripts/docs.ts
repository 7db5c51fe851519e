/**
 * Write the generated parts of the reference pages anew, and the schemas beside
 * them. With --check nothing is written: what has drifted from the code is
 * named, exit 1.
 *
 *     node scripts/docs.ts [--check] [FOLDER]
 *
 * A generated part stands between `<!-- generated: NAME -->` and
 * `<!-- end -->`; all around it is written by hand and left alone.
 */
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cliBlocks } from './docs-cli.ts';
import { errorBlocks } from './docs-errors.ts';
import { failureBlocks } from './docs-failures.ts';
import { jsonBlocks, schemaFiles } from './docs-json.ts';
import type { Blocks } from './docs-markdown.ts';
import { matrixBlocks } from './docs-matrix.ts';
import { pathBlocks } from './docs-paths.ts';
import { rpcBlocks } from './docs-rpc.ts';
import { serviceBlocks } from './docs-service.ts';
import { root, say } from './support.ts';

const BLOCKS: Blocks = {
  ...cliBlocks,
  ...errorBlocks,
  ...failureBlocks,
  ...jsonBlocks,
  ...matrixBlocks,
  ...pathBlocks,
  ...rpcBlocks,
  ...serviceBlocks,
};
const PART = /(<!-- generated: (\S+) -->\n).*?(<!-- end -->)/gs;

interface File {
  path: string;
  /** Empty where there is none. */
  text: string;
  /** Null: it shall not be there. */
  wanted: string | null;
}

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
});
const folder = positionals[0] ?? `${root}/docs`;
const files = [...(await readPages()), ...(await readSchemas(`${folder}/reference/schemas`))];
const drifted = files.filter(({ text, wanted }) => text !== wanted);
for (const { path, wanted } of drifted) {
  if (values.check === true) say(`${path} is not what the code says: run npm run docs`);
  else if (wanted === null) await rm(path);
  else await writeFile(path, wanted);
}
if (values.check === true && drifted.length > 0) process.exitCode = 1;

/** Those that are there, and those that should be. */
async function readSchemas(of: string): Promise<File[]> {
  if (values.check !== true) await mkdir(of, { recursive: true });
  const wanted = schemaFiles();
  const there = await Array.fromAsync(glob('*.json', { cwd: of }));
  return Promise.all(
    [...new Set([...wanted.keys(), ...there])].toSorted().map(async (name) => {
      const path = `${of}/${name}`;
      const text = there.includes(name) ? await readFile(path, 'utf8') : '';
      return { path, text, wanted: wanted.get(name) ?? null };
    }),
  );
}

/** @throws a page names a part nobody makes, or a part is on no page. */
async function readPages(): Promise<File[]> {
  const made = new Set<string>();
  const names = await Array.fromAsync(glob('{reference,explanation}/*.md', { cwd: folder }));
  const found = await Promise.all(
    names.toSorted().map(async (name) => {
      const path = `${folder}/${name}`;
      const text = await readFile(path, 'utf8');
      const wanted = text.replaceAll(PART, (_, begin: string, block: string, end: string) => {
        const make = BLOCKS[block];
        if (!make) throw new Error(`cannot make "${block}" for ${path}: there is no such part`);
        made.add(block);
        return `${begin}\n${make().trimEnd()}\n\n${end}`;
      });
      return { path, text, wanted };
    }),
  );
  const lost = Object.keys(BLOCKS).filter((name) => !made.has(name));
  if (lost.length > 0) throw new Error(`no page in ${folder} has a place for ${lost.join(', ')}`);
  return found;
}
