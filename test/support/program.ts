import { chmod, writeFile } from 'node:fs/promises';

/** A program at that path that runs these words with the words it is given: to be found on a PATH. */
export async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word}'`).join(' ');
  await writeFile(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(path, 0o755);
}
