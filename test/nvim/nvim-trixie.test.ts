import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { runHowTo } from '../docs/how-to.ts';
import { masked } from '../docs/masks.ts';
import { fencesOf, readPage } from '../docs/pages.ts';
import { nvimOn } from './nvim.ts';

const PAGE = 'docs/how-to/use-from-neovim.md';

/** Neovim 0.10, the oldest that heph.nvim is for. */
const { machine, told } = await nvimOn('trixie', 'NVIM v0.10');

test('the screens of the how-to are what a person sees', async () => {
  const page = await readPage(PAGE);
  const { screens } = await told('screen');
  if (process.env['HEPH_WRITE_SCREENS'] === 'yes') {
    await writeFile(`${root}/${PAGE}`, withScreens(page.text, screens));
    return;
  }
  const shown = screensOf(page.text);
  expect(shown.map(({ name }) => name)).toEqual([...new Set(shown.map(({ name }) => name))]);
  for (const { name, lines } of shown) {
    expect(lines.map(steady), `the screen "${name}"`).toEqual(screens.get(name)?.map(steady));
  }
});

test('the how-to does what it says', async () => {
  // As install.sh has left it: the plugin is where Neovim looks for plugins.
  const { sh } = await machine.settle('reader');
  const shell = async (script: string) => {
    const { code, stdout, stderr } = await sh(script);
    return { code, output: stdout + stderr };
  };
  expect(await runHowTo(await readPage(PAGE), shell, '/tmp/how-to-nvim')).toBe(3);
});

function screensOf(text: string): { name: string; lines: string[] }[] {
  return fencesOf(text)
    .filter(({ info }) => info.startsWith('screen: '))
    .map(({ info, lines }) => ({ name: info.slice('screen: '.length), lines }));
}

/** The page with the screens as they were seen just now. */
function withScreens(text: string, screens: Map<string, string[]>): string {
  return text.replaceAll(/^```text screen: (.+)\n[^]*?^```$/gm, (whole, name: string) => {
    const lines = screens.get(name);
    return lines === undefined ? whole : ['```text screen: ' + name, ...lines, '```'].join('\n');
  });
}

/** Without what differs from one day and one run to the next. */
function steady(line: string): string {
  return masked(line)
    .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{4,6}(?= {2}(?:red|late|orange|white|blue) )/g, 'ID')
    .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, 'DAY');
}
