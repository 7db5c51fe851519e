import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edited } from '#cli/command.ts';

/**
 * Let the user edit a text, in a file that nobody else can read, and wait.
 * @param command a program and its words, as in `EDITOR`; no shell reads it.
 * @throws the editor could not be run, or ended with a failure.
 */
export function edit(command: string, text: string): Edited {
  const folder = mkdtempSync(join(tmpdir(), 'heph-edit-'));
  const path = join(folder, 'context.md');
  const discard = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    const [program = '', ...words] = command.trim().split(/\s+/);
    const { status, signal, error } = spawnSync(program, [...words, path], { stdio: 'inherit' });
    if (error) throw new Error(`it cannot be run (${error.message})`);
    if (status !== 0) throw new Error(`it ended with ${signal ?? status}`);
    return { text: readFileSync(path, 'utf8'), path, discard };
  } catch (error) {
    discard();
    throw error;
  }
}
