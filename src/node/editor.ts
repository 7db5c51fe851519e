import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edited } from '#cli/command.ts';
import { EditorError } from '#cli/fail.ts';
import { decoded } from '#node/text.ts';

/**
 * Let the user edit a text, in a file that nobody else can read, and wait.
 * @param command a program and its words, as in `EDITOR`; no shell reads it.
 * @throws {EditorError} the editor could not be run, ended with a failure, or left
 * what is no text. What it had saved by then is kept.
 */
export function edit(command: string, text: string): Edited {
  const folder = mkdtempSync(join(tmpdir(), 'heph-edit-'));
  const path = join(folder, 'context.md');
  const discard = () => rmSync(folder, { recursive: true, force: true });
  let isGiven = false;
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    isGiven = true;
    run(command, path);
    return { text: decoded(readFileSync(path)), path, discard };
  } catch (error) {
    const isKept = isGiven && hasOther(path, text);
    if (!isKept) discard();
    throw new EditorError((error as Error).message, isKept ? path : null, { cause: error });
  }
}

function run(command: string, path: string): void {
  const [program = '', ...words] = command.trim().split(/\s+/);
  const { status, signal, error } = deafToKeys(() =>
    spawnSync(program, [...words, path], { stdio: 'inherit' }),
  );
  if (error) throw new Error(`it cannot be run (${error.message})`);
  if (status !== 0) throw new Error(`it ended with ${signal ?? status}`);
}

/** Ctrl-C in an editor is a key of the editor's; the terminal sends it to heph as well. */
function deafToKeys<T>(work: () => T): T {
  const signals = ['SIGINT', 'SIGQUIT'] as const;
  const ignore = () => undefined;
  for (const signal of signals) process.on(signal, ignore);
  try {
    return work();
  } finally {
    for (const signal of signals) process.off(signal, ignore);
  }
}

/** The file is there, with another text than this. */
function hasOther(path: string, text: string): boolean {
  try {
    return !readFileSync(path).equals(Buffer.from(text));
  } catch {
    return false;
  }
}
