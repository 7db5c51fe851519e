import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { installPackages } from '../../containers/apt.ts';
import { builds } from './heph.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

/** How each is started, with nothing of anybody's settings. */
const START: Record<ShellName, string> = {
  bash: 'bash --norc --noprofile -i',
  zsh: 'zsh -f -i',
  fish: 'fish --no-config -i',
};

/** Before anything is typed: completions, and a heph that only writes down how it was called. */
const PREPARE: Record<ShellName, string[]> = {
  bash: ['source <(heph completion bash)', `heph() { printf '<%s>' "$@" >>typed; echo >>typed; }`],
  zsh: [
    'PS1="% "',
    'autoload -Uz compinit && compinit -u -d .zcompdump',
    'source <(heph completion zsh)',
    `heph() { printf '<%s>' "$@" >>typed; echo >>typed; }`,
  ],
  fish: [
    'heph completion fish | source',
    `function heph; printf '<%s>' $argv >>typed; echo >>typed; end`,
  ],
};

/**
 * Why a program that is only needed by tests cannot be used, or undefined. In CI
 * what is missing is installed, so that nothing is skipped there.
 */
export async function missingProgram(name: string): Promise<string | undefined> {
  if (isThere(name)) return undefined;
  if (process.env['CI'] === 'true') await installPackages([name]);
  return isThere(name) ? undefined : `${name} is not installed here`;
}

function isThere(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/${name}`));
}

/**
 * Type these lines in a real shell, on a terminal of its own, with a tabulator
 * for each press of the key.
 * @returns what heph was called with, a line a call, `<word><word>`.
 */
export async function typed(
  shell: ShellName,
  lines: readonly string[],
  folder: string,
  socket: string,
): Promise<string[]> {
  await makeHeph(folder);
  await writeFile(`${folder}/typed`, '');
  const input = [...PREPARE[shell], ...lines, 'exit', ''].join('\n');
  await execa('script', ['-qec', START[shell], '/dev/null'], {
    cwd: folder,
    env: {
      PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      HEPH_SOCKET: socket,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
    },
    extendEnv: false,
    input,
    timeout: 50_000,
  });
  return (await readFile(`${folder}/typed`, 'utf8')).split('\n').slice(0, -1);
}

async function makeHeph(folder: string): Promise<void> {
  const { command } = builds.at(-1) ?? { command: [] };
  await execa('mkdir', ['-p', `${folder}/bin`]);
  await writeFile(
    `${folder}/bin/heph`,
    `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`,
  );
  await chmod(`${folder}/bin/heph`, 0o755);
}
