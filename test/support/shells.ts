import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { installPackages } from '../../containers/apt.ts';
import { builds } from './heph.ts';

interface Way {
  program: string;
  /** With nothing of anybody's settings. */
  start: string;
  /** Before anything is typed: completions, and a heph that only writes down how it was called. */
  prepare: readonly string[];
}

const ZSH = { program: 'zsh', start: 'zsh -f -i' };
const NOTE_DOWN = `heph() { printf '<%s>' "$@" >>typed; echo >>typed; }`;
const COMPINIT = 'autoload -Uz compinit && compinit -u -d .zcompdump';

/** The shells there are completions for, and how these come to them. */
export const WAYS = {
  bash: {
    program: 'bash',
    start: 'bash --norc --noprofile -i',
    prepare: ['source <(heph completion bash)', NOTE_DOWN],
  },
  zsh: { ...ZSH, prepare: [COMPINIT, 'source <(heph completion zsh)', NOTE_DOWN] },
  'zsh, by fpath': {
    ...ZSH,
    prepare: ['heph completion zsh >bin/_heph', 'fpath=($PWD/bin $fpath)', COMPINIT, NOTE_DOWN],
  },
  fish: {
    program: 'fish',
    start: 'fish --no-config -i',
    prepare: [
      'heph completion fish | source',
      `function heph; printf '<%s>' $argv >>typed; echo >>typed; end`,
    ],
  },
} as const satisfies Record<string, Way>;

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
  { start, prepare }: Way,
  lines: readonly string[],
  folder: string,
  socket: string,
): Promise<string[]> {
  await makeHeph(folder);
  await writeFile(`${folder}/typed`, '');
  const input = [...prepare, ...lines, 'exit', ''].join('\n');
  await execa('script', ['-qec', start, '/dev/null'], {
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
