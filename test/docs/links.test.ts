import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { anchorsOf, prose, readPages, type Page } from './pages.ts';

const pages = await readPages();
const byPath = new Map(pages.map((page) => [page.path, page]));

/** Where a page links to inside the project, as path and heading. */
function linksOf({ path, text }: Page): { to: string; heading: string | undefined; as: string }[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((as) => {
      const [file = '', heading] = as.split('#');
      return { to: file === '' ? path : normalize(join(dirname(path), file)), heading, as };
    });
}

test.each(pages.map((page) => [page.path, page] as const))(
  'the links of %s lead somewhere',
  async (_, page) => {
    const broken: string[] = [];
    for (const { to, heading, as } of linksOf(page)) {
      if (!existsSync(`${root}/${to}`)) broken.push(as);
      else if (
        heading !== undefined &&
        !anchorsOf(await readFile(`${root}/${to}`, 'utf8')).includes(heading)
      )
        broken.push(as);
    }
    expect(broken).toEqual([]);
  },
);

test('every page is reached from README, link by link', () => {
  const reached = new Set<string>();
  const next = ['README.md'];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const page = byPath.get(path);
    if (!page || reached.has(path)) continue;
    reached.add(path);
    next.push(...linksOf(page).map(({ to }) => to));
  }
  expect([...byPath.keys()].filter((path) => !reached.has(path))).toEqual([]);
});
