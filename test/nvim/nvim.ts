import { glob, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installedOn, type InstalledMachine } from '../container/installed.ts';

/** What `runner.lua` says of one test. */
interface Told {
  name: string;
  /** Null: it passed. */
  problem: string | null;
}

/** How long all the tests of one Lua file may take on a busy machine. */
const FILE_MS = 170_000;

/**
 * The specs in Lua, each of their tests a test here, in the Neovim of this target. The names come
 * from the files: a test that did not run has failed.
 */
export async function nvimOn(name: string, version: string): Promise<void> {
  const machine = await installedOn(name);
  test(`${name} has ${version}`, async () => {
    const { stdout } = await machine.target().exec(['nvim', '--version']);
    expect(stdout).toContain(version);
  });
  for (const file of await specs()) {
    const names = namesIn(await readFile(file, 'utf8'));
    const spec = basename(file, '.lua');
    describe(spec, () => {
      let told: Promise<Map<string, Told>> | undefined;
      test.each(names)('%s', async (title) => {
        told ??= run(machine, spec);
        expect((await told).get(title)?.problem, 'it did not run').toBeNull();
      });
    });
  }
}

async function specs(): Promise<string[]> {
  const files = await Array.fromAsync(glob(`${import.meta.dirname}/specs/*.lua`));
  return files.toSorted();
}

/** As they are written in the file: `test('name', function()`. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^test\((?:'([^']+)'|"([^"]+)"), function/gm)].map(
    ([, single, double]) => single ?? double ?? '',
  );
}

/** Each file has a user of its own, and so a store of its own, with the service running. */
async function run(machine: InstalledMachine, spec: string): Promise<Map<string, Told>> {
  const { sh } = await machine.settle(`nvim-${spec}`);
  const start = await sh('heph daemon start');
  expect(start.code, start.stderr).toBe(0);
  const { stdout, stderr } = await sh(
    `timeout ${FILE_MS / 1000 - 10} nvim -l /src/test/nvim/runner.lua ${spec} 2>&1`,
  );
  const told = new Map<string, Told>();
  const other: string[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    if (line.startsWith('{"name":')) {
      const one = JSON.parse(line) as Told;
      told.set(one.name, one);
    } else if (line !== '') other.push(line);
  }
  if (!stdout.includes('"name":"(end)"')) {
    throw new Error(`${spec}.lua did not come to its end:\n${other.join('\n')}\n${stderr}`);
  }
  return told;
}
