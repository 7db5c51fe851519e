import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import type { Ledger } from './ledger.ts';
import { storeProblems } from './replay.ts';

/**
 * What is wrong with a store that a daemon has left, of itself and by the ledger.
 * On a copy: the next daemon has to cope by itself with what was left.
 */
export function inspect(folder: string, copy: string, ledger: Ledger): string[] {
  const store = `${folder}/heph.db`;
  // Killed before it was made.
  if (!existsSync(store)) return ledger.acknowledged === 0 ? [] : ['the store is gone'];
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  for (const end of ['', '-wal', '-journal'])
    if (existsSync(`${store}${end}`)) copyFileSync(`${store}${end}`, `${copy}/heph.db${end}`);
  return [...storeProblems(`${copy}/heph.db`), ...ledger.problems(`${copy}/heph.db`)];
}
