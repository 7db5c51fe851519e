import { glob, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COMMANDS } from '#cli/table.ts';
import { root } from '../../scripts/support.ts';
import { fencesOf, readPage, readPages } from './pages.ts';

const pages = await readPages();
const inDocs = pages.filter(({ path }) => path.startsWith('docs/'));
const sources = await Array.fromAsync(glob('src/**/*.ts', { cwd: root }));

test.each(inDocs.map((page) => [page.path, page] as const))(
  '%s says what it is, and since when',
  (_, { text }) => {
    const [, front = '', body = ''] = /^---\n(.*?)\n---\n\n(.*)$/s.exec(text) ?? [];
    const fields = Object.fromEntries(
      front.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
    );
    const title = fields['title']?.replaceAll(/^["']|["']$/g, '');
    expect(Object.keys(fields)).toEqual(['title', 'modified', 'tags']);
    expect(body.split('\n')[0]).toBe(`# ${title}`);
    expect(fields['modified']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(fields['tags']).toMatch(/^\[[a-z-]+(?: [a-z]+)?(?:, [a-z-]+(?: [a-z]+)?)*\]$/);
  },
);

test.each(pages.map((page) => [page.path, page] as const))(
  '%s names the language of every block',
  (_, { text }) => {
    expect(fencesOf(text).filter(({ language }) => language === '')).toEqual([]);
  },
);

test('every command has its section in the reference', async () => {
  const { text } = await readPage('docs/reference/cli.md');
  const missing = COMMANDS.map(({ path }) => `## \`heph ${path.join(' ')}\``).filter(
    (heading) => !text.includes(`${heading}\n`),
  );
  expect(missing).toEqual([]);
});

test('every variable of ours that the source names is in paths.md, and no other', async () => {
  const texts = await Promise.all(sources.map((path) => readFile(`${root}/${path}`, 'utf8')));
  const named = new Set(texts.flatMap((text) => text.match(/\bHEPH_[A-Z_]+/g) ?? []));
  const { text } = await readPage('docs/reference/paths.md');
  expect([...new Set(text.match(/\bHEPH_[A-Z_]+/g))].toSorted()).toEqual([...named].toSorted());
});

test('the map of architecture.md has every source file, and none that is gone', async () => {
  const { text } = await readPage('docs/explanation/architecture.md');
  const map = text.slice(text.indexOf('## The map'), text.indexOf('## A keystroke'));
  const mapped = map
    .split(/^(?=`src\/)/m)
    .slice(1)
    .flatMap((section) => {
      const folder = /^`(src\/\w+\/)`/.exec(section)?.[1] ?? '';
      // In a line about a subfolder the names after it are short: `print/`: `output.ts`.
      return section.split(/^- /m).flatMap((item) => {
        const inner = /^`(\w+\/)`/.exec(item)?.[1] ?? '';
        return (item.match(/`[\w./-]+\.ts`/g) ?? []).map(
          (name) => `${folder}${inner}${name.slice(1, -1)}`,
        );
      });
    });
  expect(mapped.toSorted()).toEqual(sources.toSorted());
});

test('every dependency has its reason in decision 0002', async () => {
  const { text } = await readPage('docs/explanation/decisions/0002-dependencies.md');
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(`${root}/package.json`, 'utf8'),
  ) as Record<string, Record<string, string>>;
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !new RegExp(`^\\| .*\\b${name.replace('@', '')}\\b.* \\|`, 'm').test(text),
  );
  expect(missing).toEqual([]);
});

test('README names the two commands of a fresh machine, and no script that is not there', async () => {
  const { text } = await readPage('README.md');
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(text).toContain('npm ci && npm run demo');
  expect(text).toContain('npm ci && npm test');
  const named = pages
    .flatMap((page) => page.text.match(/\bnpm run (?!--)[\w:-]+/g) ?? [])
    .map((words) => words.slice('npm run '.length));
  expect([...new Set(named)].filter((name) => scripts[name] === undefined)).toEqual([]);
});
