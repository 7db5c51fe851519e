import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Who may need whom, in Lua. */
describe('the plugin for Neovim', () => {
  const modules = globSync('heph.nvim/lua/heph/*.lua').toSorted();
  const needs = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/require\(?'heph\.(\w+)'/g)].map(([, name]) => name);

  test('what makes lines of answers and words of lines asks nobody', () => {
    const pure = ['body', 'explain', 'options', 'render', 'text', 'uri', 'visible'];
    const wrong = modules
      .filter((file) => pure.some((name) => file.endsWith(`/${name}.lua`)))
      .flatMap((file) => needs(file).filter((name) => !pure.includes(name ?? '')));
    expect(wrong).toEqual([]);
  });

  test('only the client has a connection', () => {
    const owners = modules.filter((file) => needs(file).includes('rpc'));
    expect(owners.map((file) => file.split('/').at(-1))).toEqual(['client.lua', 'health.lua']);
  });

  test('every module is needed by another, or by Neovim', () => {
    const needed = new Set(modules.flatMap(needs));
    const plugin = needs('heph.nvim/plugin/heph.lua');
    const words = modules.map((file) => readFileSync(file, 'utf8')).join('\n');
    const idle = modules
      .map((file) => /(\w+)\.lua$/.exec(file)?.[1] ?? '')
      .filter((name) => !needed.has(name) && !plugin.includes(name))
      .filter((name) => !['init', 'health'].includes(name))
      .filter((name) => !words.includes(`of('${name}'`));
    expect(idle).toEqual([]);
  });
});
