/**
 * Run all the tests, or those of `--project NAME`. Brings what they need: the
 * artefact, and a container engine where there is none. Ends with the line
 * `N passed, N failed, N skipped`.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { ensureEngine } from '../containers/engine.ts';
import { NEXT_VERSION, root, say } from './support.ts';

const { values } = parseArgs({ options: { project: { type: 'string', multiple: true } } });
const report = `${root}/.cache/test-report.json`;
const isAsked = (project: string) =>
  values.project === undefined || values.project.includes(project);
const isInContainers = isAsked('container') || isAsked('nvim');
const isCi = process.env['CI'] === 'true';

await mkdir(`${root}/.cache`, { recursive: true });
if (isInContainers || isAsked('integration')) {
  const packaging = await execa(process.execPath, [`${root}/scripts/package.ts`], {
    cwd: root,
    stderr: 'inherit',
  });
  // What they update to is this tree again, under another number.
  await execa(process.execPath, [`${root}/scripts/package.ts`], {
    cwd: root,
    env: { HEPH_BUILD_VERSION: NEXT_VERSION },
    stderr: 'inherit',
  });
  // The client's tests run on this build of it as well as on the source.
  process.env['HEPH_TEST_CLIENT'] = `${packaging.stdout.trim().replace(/\.tar\.gz$/, '')}/bin/heph`;
}
if (isInContainers) await bringEngine();
const code = await vitest();
process.stdout.write(`${await summary()}\n`);
process.exit(code);

async function bringEngine(): Promise<void> {
  try {
    Object.assign(process.env, (await ensureEngine()).env);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isCi) throw error;
    say(`the container tests will be skipped: ${reason}`);
  }
}

async function vitest(): Promise<number> {
  const projects = (values.project ?? []).flatMap((name) => ['--project', name]);
  const args = [
    'run',
    ...projects,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { exitCode } = await execa('vitest', args, {
    cwd: root,
    preferLocal: true,
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

async function summary(): Promise<string> {
  const counts = JSON.parse(await readFile(report, 'utf8')) as Report;
  const skipped = counts.numPendingTests + counts.numTodoTests;
  return `${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${skipped} skipped`;
}
