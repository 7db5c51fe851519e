import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** What the scripts share: where the tree is, what it is called, which tools it brought. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the tests of an update go over to. */
export const NEXT_VERSION = '0.2.0';

/** A line for the person who runs a script. Asked-for output goes to stdout, this to stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `linux-x64`: how artefacts and platform packages are named. */
export const platform = `${process.platform}-${process.arch}`;

/** Bun for this machine; on x64 the build that needs no AVX2. */
export const bunTargets: Readonly<Record<string, { package: string; target: string }>> = {
  'linux-x64': { package: '@oven/bun-linux-x64-baseline', target: 'bun-linux-x64-baseline' },
  'linux-arm64': { package: '@oven/bun-linux-aarch64', target: 'bun-linux-arm64' },
  'darwin-arm64': { package: '@oven/bun-darwin-aarch64', target: 'bun-darwin-arm64' },
  'darwin-x64': { package: '@oven/bun-darwin-x64-baseline', target: 'bun-darwin-x64-baseline' },
};

/** A file of a package that `npm ci` brought. @throws when this platform has none. */
export function toolFile(path: string): string {
  const file = `${root}/node_modules/${path}`;
  if (existsSync(file)) return file;
  throw new Error(`cannot find ${path}: run npm ci first; ${platform} may have no such package`);
}

/** The version a build carries; drills set another. */
export async function buildVersion(): Promise<string> {
  const asked = process.env['HEPH_BUILD_VERSION'];
  if (asked !== undefined && asked !== '') return asked;
  const { VERSION } = await import('#protocol/version.ts');
  return VERSION;
}

/** The commit a build is made from, marked where the tree differs from it. */
export async function buildCommit(): Promise<string> {
  const git = (...args: string[]) => execa('git', args, { cwd: root, reject: false });
  const { stdout: commit, exitCode } = await git('rev-parse', '--short=12', 'HEAD');
  if (exitCode !== 0) return 'no commit';
  const { stdout: changes } = await git('status', '--porcelain', '--untracked-files=no');
  return changes === '' ? commit : `${commit}, changed`;
}

/** When that commit was made, since the epoch; 0 where there is none. */
export async function commitSeconds(): Promise<number> {
  const { stdout } = await execa('git', ['log', '-1', '--format=%ct'], {
    cwd: root,
    reject: false,
  });
  return Number(stdout);
}
