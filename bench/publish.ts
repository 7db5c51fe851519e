import { mkdir, rm, writeFile } from 'node:fs/promises';
import { root } from '../scripts/support.ts';
import { writePage, type Machine } from './page.ts';
import { allOf, plotsOf } from './plots.ts';
import type { SizeResult } from './result.ts';

const PAGE = `${root}/docs/explanation/performance`;

/**
 * The page and its pictures, in place of those that are there.
 * @returns the page.
 */
export async function publish(results: readonly SizeResult[], machine: Machine): Promise<string> {
  const plots = plotsOf(results);
  await rm(PAGE, { recursive: true, force: true });
  await mkdir(PAGE);
  for (const { file, svg } of allOf(plots)) await writeFile(`${PAGE}/${file}`, svg);
  const page = writePage(results, plots, machine);
  await writeFile(`${PAGE}.md`, page);
  return page;
}
