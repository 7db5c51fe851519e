/**
 * ULIDs: 48 bits of epoch milliseconds, 80 bits of chance, written as 26
 * characters of Crockford's base 32. Sorting the text sorts by time.
 */
export type Ulid = string;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARS = 10;
const RANDOM_BYTES = 10;

/** @param random at least {@link RANDOM_BYTES} bytes; the rest is ignored. */
export function ulid(nowMs: number, random: Uint8Array): Ulid {
  let time = '';
  for (let left = nowMs, i = 0; i < TIME_CHARS; i++) {
    time = ALPHABET.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  let chance = '';
  for (let bits = 0, value = 0, i = 0; i < RANDOM_BYTES; i++) {
    value = (value << 8) | (random[i] ?? 0);
    for (bits += 8; bits >= 5; bits -= 5) chance += ALPHABET.charAt((value >> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  return time + chance;
}

/** The shortest part of an id that a person may type. */
export const ID_PART_CHARS_MIN = 4;

/**
 * What a person typed, as it would stand in an id: upper case, and the letters
 * that Crockford's alphabet leaves out read as the digits they look like.
 * Null when it cannot be the beginning or end of any id.
 */
export function idPart(text: string): string | null {
  const part = text.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const fits = part.length >= ID_PART_CHARS_MIN && part.length <= 26;
  return fits && [...part].every((char) => ALPHABET.includes(char)) ? part : null;
}
