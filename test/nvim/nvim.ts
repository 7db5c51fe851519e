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

/** What a file of specs has told. */
interface SpecTold {
  tests: Map<string, Told>;
  /** What a person saw, by a name; lines without what is after the text. */
  screens: Map<string, string[]>;
}

/** How long all the tests of one Lua file may take on a busy machine. */
const FILE_MS = 170_000;

/**
 * The specs in Lua, each of their tests a test here, in the Neovim of this target. The names come
 * from the files: a test that did not run has failed.
 */
export async function nvimOn(
  name: string,
  version: string,
): Promise<{ machine: InstalledMachine; told: (spec: string) => Promise<SpecTold> }> {
  const machine = await installedOn(name);
  const running = new Map<string, Promise<SpecTold>>();
  let users = 0;
  const told = (spec: string) => {
    const already = running.get(spec);
    if (already) return already;
    const begun = runSpec(machine, spec, `nvim${++users}`);
    running.set(spec, begun);
    return begun;
  };
  // Where a test is tried again, its file is run again.
  const isTriedAgain = process.env['CI'] === 'true';

  test(`${name} has ${version}`, async () => {
    const { stdout } = await machine.target().exec(['nvim', '--version']);
    expect(stdout).toContain(version);
  });
  for (const file of await specs()) {
    const names = namesIn(await readFile(file, 'utf8'));
    const spec = basename(file, '.lua');
    describe(spec, () => {
      test.each(names)('%s', async (title) => {
        const problem = (await told(spec)).tests.get(title)?.problem;
        if (problem !== null && isTriedAgain) running.delete(spec);
        expect(problem, 'it did not run').toBeNull();
      });
    });
  }
  return { machine, told };
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

/** Each run has a user of its own, and so a store of its own, with the service running. */
async function runSpec(machine: InstalledMachine, spec: string, login: string): Promise<SpecTold> {
  const { sh } = await machine.settle(login);
  const start = await sh('heph daemon start');
  expect(start.code, start.stderr).toBe(0);
  const seconds = FILE_MS / 1000 - 10;
  const { stdout } = await sh(`timeout ${seconds} nvim -l /src/test/nvim/runner.lua ${spec} 2>&1`);
  const told: SpecTold = { tests: new Map(), screens: new Map() };
  const other: string[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    if (line.startsWith('{"name":')) {
      const one = JSON.parse(line) as Told;
      told.tests.set(one.name, one);
    } else if (line.startsWith('{"screen":')) {
      const { screen, lines } = JSON.parse(line) as { screen: string; lines: string[] };
      told.screens.set(screen, lines);
    } else other.push(line);
  }
  if (!told.tests.has('(end)'))
    throw new Error(`${spec}.lua did not come to its end:\n${other.join('\n')}`);
  return told;
}
