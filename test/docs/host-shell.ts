import { execa } from 'execa';
import type { Shell } from './how-to.ts';

/** bash on this machine, with nothing of this process's environment but the way to programs. */
export function hostShell(cwd: string, env: Record<string, string>): Shell {
  return async (script) => {
    const { exitCode, all } = await execa('bash', ['-c', script], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: 120_000,
    });
    return { code: exitCode ?? 1, output: all };
  };
}
