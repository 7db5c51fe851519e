/** What reads texts that others wrote. */
export interface Reader {
  /**
   * Takes a text, checks what must hold of what came of it, and throws for one
   * that it does not take.
   */
  read: (text: string) => unknown;
  /** What such texts are made of. */
  words: readonly string[];
  /** The errors that say what is wrong with a text; any other is a defect. */
  refusals?: readonly (abstract new (...args: never[]) => Error)[];
}

/** By what they read. */
export type Readers = Readonly<Record<string, Reader>>;
