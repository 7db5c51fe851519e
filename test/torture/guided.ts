import { Corpus } from './corpus.ts';
import { Reached, type Coverage } from './coverage.ts';
import type { NowRead } from './now-read.ts';
import type { Random } from './random.ts';
import type { Reader } from './readers/reader.ts';

/** So many are read before it is asked what they reached: to ask takes as long as to read a hundred. */
const BATCH = 64;

export interface Guide {
  coverage: Coverage;
  nowRead: NowRead;
  random: Random;
}

/**
 * Reads texts of which each that reaches code that none reached before is kept,
 * and changed into others.
 * @returns how many were read, refused, kept.
 * @throws at the first defect, with the text.
 */
export async function readGuided(
  name: string,
  reader: Reader,
  texts: number,
  guide: Guide,
): Promise<{ texts: number; refused: number; kept: number }> {
  const { coverage, random } = guide;
  const corpus = new Corpus(random, reader.words);
  const reached = new Reached();
  let refused = 0;
  coverage.take();
  for (let left = texts; left > 0; left -= BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, left) }, () => corpus.next());
    const wasTaken = new Map<string, boolean>();
    for (const text of batch) wasTaken.set(text, await takes(name, reader, text, guide.nowRead));
    refused += batch.filter((text) => wasTaken.get(text) === false).length;
    const all = coverage.take();
    if (!reached.lacks(all)) continue;
    const again = async (text: string) => {
      const isTaken = await takes(name, reader, text, guide.nowRead);
      if (isTaken !== wasTaken.get(text)) throw defect(name, text, 'is read otherwise again');
    };
    for (const text of await finders(batch, again, coverage, reached)) corpus.keep(text);
    // What only runs once, such as what loads a library, no text finds again.
    reached.add(all);
  }
  return { texts, refused, kept: corpus.size };
}

/** Whether the text is taken; false where it is refused. @throws with the text where it is neither. */
async function takes(
  name: string,
  { read, refusals = [] }: Reader,
  text: string,
  nowRead: NowRead,
): Promise<boolean> {
  nowRead.begin(`${name}: ${text}`);
  try {
    // Most are read at once, and to wait would take longer than to read them.
    const result = read(text);
    if (result instanceof Promise) await result;
    return true;
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) return false;
    throw defect(name, text, (error as Error).stack ?? String(error));
  }
}

/** The texts that each reach something that those before them did not: by halves, as most reach nothing. */
async function finders(
  texts: readonly string[],
  read: (text: string) => Promise<void>,
  coverage: Coverage,
  reached: Reached,
): Promise<string[]> {
  const half = texts.length >> 1;
  const found: string[] = [];
  for (const part of [texts.slice(0, half), texts.slice(half)]) {
    if (part.length === 0) continue;
    for (const text of part) await read(text);
    const ran = coverage.take();
    if (!reached.lacks(ran)) continue;
    if (part.length > 1) found.push(...(await finders(part, read, coverage, reached)));
    else found.push(...part);
    if (part.length === 1) reached.add(ran);
  }
  return found;
}

function defect(name: string, text: string, why: string): Error {
  return new Error(`${name}: ${JSON.stringify(text)}\n${why}`);
}
