/** A repeatable source of chances: the same seed, the same sequence. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1. Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, from `least` to `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  is(chance: number): boolean {
    return this.next() < chance;
  }

  pick<T>(things: readonly T[]): T {
    const thing = things[this.int(0, things.length - 1)];
    if (thing === undefined) throw new Error('nothing to pick from');
    return thing;
  }

  /** For a part that must not depend on how often this one was asked. */
  fork(): Random {
    return new Random(this.int(0, 2 ** 32 - 1));
  }
}
