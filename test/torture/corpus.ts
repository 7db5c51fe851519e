import { oddText, oddValue } from './odd-values.ts';
import type { Random } from './random.ts';

/** A kept text that grows by being repeated and spliced stays readable, and quick to read. */
const CHARS_MAX = 3000;
/** There are always some that owe nothing to those before. */
const FRESH_CHANCE = 0.3;

/** Texts that were worth keeping for one reader, and new ones made of them. */
export class Corpus {
  readonly #random: Random;
  readonly #words: readonly string[];
  readonly #kept: string[] = [];

  /** @param words that belong into a text for this reader. */
  constructor(random: Random, words: readonly string[]) {
    this.#random = random;
    this.#words = words;
  }

  get size(): number {
    return this.#kept.length;
  }

  keep(text: string): void {
    this.#kept.push(text);
  }

  /** Made of words, or of one that was kept, changed in a few places. */
  next(): string {
    const random = this.#random;
    if (this.#kept.length === 0 || random.is(FRESH_CHANCE)) return this.#ofWords();
    let text = this.#favoured();
    for (let left = random.pick([1, 1, 2, 3, 6]); left > 0; left--) text = this.#changed(text);
    return text.slice(0, CHARS_MAX);
  }

  /** Words that belong there in an order that may not, with something odd among them. */
  #ofWords(): string {
    const parts = Array.from({ length: this.#random.int(0, 12) }, () => this.#piece());
    return parts.join(this.#random.pick(['', '', ' ']));
  }

  /** Those that came last reach what is hardest to reach. */
  #favoured(): string {
    const from = this.#random.is(0.5) ? Math.floor(this.#kept.length * 0.75) : 0;
    return this.#random.pick(this.#kept.slice(from));
  }

  #changed(text: string): string {
    const random = this.#random;
    const [from, to] = [this.#place(text), this.#place(text)].toSorted((a, b) => a - b) as [
      number,
      number,
    ];
    const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
    const short = text.slice(from, from + random.int(1, 4));
    switch (random.int(0, 8)) {
      case 0:
        return before + after;
      case 1:
        return before + text.slice(from + short.length);
      case 2:
        return before + part + part + after;
      case 3:
        return after + part + before;
      case 4:
        return before + short.repeat(random.int(2, 40)) + text.slice(from);
      case 5:
        return before + this.#piece() + after;
      case 6:
        return before + neighbour(short, random) + text.slice(from + short.length);
      case 7: {
        const other = this.#favoured();
        return before + other.slice(random.int(0, other.length));
      }
      default:
        return before + this.#piece() + text.slice(from);
    }
  }

  /** Anywhere, and often where a part of the text ends: there one more may follow. */
  #place(text: string): number {
    const chance = this.#random.next();
    if (chance < 0.25) return text.length;
    const at = this.#random.int(0, text.length);
    return chance < 0.5 ? at + Math.max(0, text.slice(at).search(/\W/)) : at;
  }

  #piece(): string {
    const chance = this.#random.next();
    if (chance < 0.75) return this.#random.pick(this.#words);
    if (chance < 0.95) return oddText(this.#random);
    return JSON.stringify(oddValue(this.#random));
  }
}

/** One character a little further on or back: another digit, another letter, a bracket for a dash. */
function neighbour(text: string, random: Random): string {
  const at = random.int(0, Math.max(0, text.length - 1));
  const unit = (text.charCodeAt(at) || 0x30) + random.pick([-1, 1, -16, 16, 32]);
  return text.slice(0, at) + String.fromCharCode(Math.max(0, unit)) + text.slice(at + 1);
}
