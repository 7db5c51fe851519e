/** Write Lua in the format of `.stylua.toml`, or with `--check` name the files that are not in it. */
import { readFile, writeFile, glob } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'smol-toml';
import * as stylua from '@johnnymorganz/stylua';
import { root, say } from './support.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const said = parse(await readFile(`${root}/.stylua.toml`, 'utf8'));
const files = await Array.fromAsync(glob('{heph.nvim,test/nvim,bench}/**/*.lua', { cwd: root }));
const others: string[] = [];

for (const file of files.toSorted()) {
  const text = await readFile(`${root}/${file}`, 'utf8');
  const formatted = stylua.formatCode(text, config(), undefined, stylua.OutputVerification.None);
  if (formatted === text) continue;
  others.push(file);
  if (!values.check) await writeFile(`${root}/${file}`, formatted);
}
for (const file of others) say(values.check ? `not formatted: ${file}` : `formatted ${file}`);
if (values.check && others.length > 0) process.exitCode = 1;

/** A new one each time: formatting a file uses it up. */
function config(): stylua.Config {
  const made = stylua.Config.new();
  made.column_width = Number(said['column_width']);
  made.indent_width = Number(said['indent_width']);
  made.indent_type = stylua.IndentType[said['indent_type'] as 'Spaces'];
  made.quote_style = stylua.QuoteStyle[said['quote_style'] as 'AutoPreferSingle'];
  made.syntax = stylua.LuaVersion.LuaJIT;
  return made;
}
