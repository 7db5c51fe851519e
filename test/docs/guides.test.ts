import { mkdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { startDaemon } from '../../scripts/working-tree-daemon.ts';
import { builds } from '../support/heph.ts';
import { writeProgram } from '../support/program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { hostShell } from './host-shell.ts';
import { runHowTo, type Shell } from './how-to.ts';
import { fencesOf, readPage } from './pages.ts';

/** These need heph, a daemon and an empty store, and each has its own. */
const GUIDES = [
  ['docs/tutorial/first-hour.md', 40],
  ['docs/how-to/keep-notes.md', 15],
  ['docs/how-to/script-heph.md', 12],
  ['docs/how-to/import-and-export.md', 15],
  ['docs/how-to/back-up-and-restore.md', 10],
] as const;

test.each(GUIDES)('%s does what it says', { timeout: 300_000 }, async (path, least) => {
  await using home = await installed();
  const page = await readPage(path);
  expect(await runHowTo(page, home.shell, home.at('shell-state'))).toBeGreaterThan(least);
});

test.each(GUIDES)('%s leaves nothing out without a reason', async (path) => {
  const { text } = await readPage(path);
  const silent = fencesOf(text).filter(
    ({ language, info }) => ['sh', 'bash'].includes(language) && !info.startsWith('not run: '),
  );
  expect(silent.map(({ at }) => `line ${at} is neither run nor says why not`)).toEqual([]);
});

/** A home as it is with heph installed and its daemon started: programs on the PATH, paths by default. */
async function installed() {
  const sandbox = await Sandbox.make();
  const bin = sandbox.at('.local', 'bin');
  await mkdir(bin, { recursive: true });
  await writeProgram(`${bin}/heph`, builds.at(-1)?.command ?? []);
  await writeProgram(`${bin}/hephd`, [process.execPath, `${root}/src/bin/hephd.ts`]);
  const data = sandbox.at('.local', 'share', 'heph');
  await mkdir(data, { recursive: true });
  const places = { socket: `${data}/hephd.sock`, db: `${data}/heph.db` };
  const daemon = await startDaemon(places, { watch: false });
  const onHost = hostShell(sandbox.path, {
    HOME: sandbox.path,
    PATH: `${bin}:${process.env['PATH']}`,
  });
  const shell: Shell = async (script) => {
    const { code, output } = await onHost(script);
    return { code, output: output.replaceAll(sandbox.path, '/home/ada') };
  };
  return {
    shell,
    at: (name: string) => sandbox.at(name),
    [Symbol.asyncDispose]: async () => {
      daemon.stop();
      await daemon.ended;
      await sandbox[Symbol.asyncDispose]();
    },
  };
}
