import type { Random } from './random.ts';

/**
 * What came of a trial, to be added up: how many kills, messages, acknowledged
 * changes. Of what begins with `most`, the largest counts.
 */
export type Counts = Readonly<Record<string, number>>;

/** One way of making heph's life hard. The same seed makes it hard in the same way. */
export interface Trial {
  name: string;
  /** What must hold, in a line. */
  claim: string;
  /** It preloads a library, or sets a limit, as only Linux can. */
  isForLinux: boolean;
  /**
   * One round, in a folder of its own.
   * @param scale 1 for a round that takes some seconds.
   * @throws when the claim does not hold, with what was seen.
   */
  run: (random: Random, folder: string, scale: number) => Promise<Counts>;
}

/** @throws with all of them, where there are problems. */
export function expectNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.slice(0, 20).join('\n'));
}
