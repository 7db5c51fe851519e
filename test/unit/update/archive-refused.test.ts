import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  bin,
  file,
  heph,
  inRoot,
  Place,
  PROPER,
  ROOT,
  summed,
  tarOf,
  tree,
  type Entry,
} from './archives.ts';

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place[Symbol.asyncDispose]());

const long = (path: string): Entry => file(`${ROOT}/x`, { pax: { path } });
const folder = (name: string): Entry => ({ name, type: 'directory' });

describe('an archive is refused, and nothing is left, with', () => {
  test.each<[string, Entry[], RegExp]>([
    ['a symbolic link', [file(`${ROOT}/l`, { type: 'symlink', linkname: '/etc' })], /neither a fi/],
    ['a hard link', [heph, file(`${ROOT}/l`, { type: 'link', linkname: heph.name })], /neither a/],
    ['a character device', [file(`${ROOT}/d`, { type: 'character-device' })], /neither a file/],
    ['a block device', [file(`${ROOT}/d`, { type: 'block-device' })], /neither a file/],
    ['a fifo', [file(`${ROOT}/d`, { type: 'fifo' })], /neither a file/],
    ['a contiguous file', [file(`${ROOT}/d`, { type: 'contiguous-file' })], /neither a file/],
    ['a file with holes', [file(`${ROOT}/d`, { pax: { 'GNU.sparse.major': '1' } })], /with holes/],
    ['an absolute name', [file('/escaped')], /plain path/],
    ['an absolute name in a long header', [long('/escaped')], /plain path/],
    ['a way out', inRoot('../../escaped'), /"heph[^"]*" is not named by a plain path$/],
    ['a way out in a long header', [long(`${ROOT}/../../escaped`)], /plain path/],
    ['a way out at once', [file('../escaped')], /plain path/],
    ['a way out and back', inRoot('../../to/x'), /plain path/],
    ['a folder that leads out', [folder(`${ROOT}/..`)], /plain path/],
    ['a dot', inRoot('./x'), /plain path/],
    ['a dot before', [file(`./${ROOT}/x`)], /plain path/],
    ['an empty segment', inRoot('a//x'), /plain path/],
    ['two slashes after a folder', [folder(`${ROOT}/a//`)], /plain path/],
    ['a slash after a file', [long(`${ROOT}/x/`)], /plain path/],
    ['a backslash', inRoot('..\\x'), /character in its name/],
    ['a NUL', [long(`${ROOT}/a\0b`)], /character in its name/],
    ['a line end', inRoot('a\nb'), /"heph-1.2.0-linux-x64\/a\\nb" has a character/],
    ['an escape', inRoot('a\u009b31mb\u001b[2J'), /\/a\\u\{9b\}31mb\\u001b\[2J" has a character/],
    ['what turns the text round', inRoot('a\u202egpj'), /\/a\\u\{202e\}gpj" has a character/],
    ['what is not seen', inRoot('a\u200cb'), /character in its name/],
    ['another folder', [...PROPER, file('other/x')], /"other\/x" is not in the folder "heph-1/],
    ['a folder of a longer name', [file(`${ROOT}2/x`)], /is not in the folder/],
    ['a folder of another case', [file(`${ROOT.toUpperCase()}/x`)], /is not in the folder/],
    ['a file as its folder', [file(ROOT)], /is where something else is/],
    ['a segment of 256 bytes', inRoot('x'.repeat(256)), /too long a name/],
    ['a segment of 258 bytes in 86 characters', inRoot('€'.repeat(86)), /too long a name/],
    ['a path of 1025 bytes', inRoot(`${'x/'.repeat(501)}xx`), /: .{100,120} has too long a name$/],
    ['a file twice', [heph, heph], /is where something else is/],
    ['a folder twice', [bin, heph, bin], /is where something else is/],
    ['its folder twice', [...PROPER, ...PROPER], /is where something else is/],
    ['two files but for the case', inRoot('readme', 'ReadMe'), /ReadMe" is where .*"readme"$/],
    ['two files but for a sharp s', inRoot('Gruß', 'gruSS'), /is where something else is/],
    ['two files but for the form', inRoot('\u00e9', 'e\u0301'), /is where something else is/],
    ['two folders but for the case', inRoot('a/x', 'A/y'), /is where something else is/],
    ['a folder and one that is implied, but for the case', [bin, ...inRoot('BIN/y')], /is where/],
    ['a folder that was implied, but for the case', [heph, folder(`${ROOT}/BIN`)], /is where/],
    ['a file where a folder is', [bin, ...inRoot('bin')], /is where something else is/],
    ['a file where a folder is implied', [heph, ...inRoot('bin')], /is where something else is/],
    ['a folder where a file is', [...inRoot('x'), folder(`${ROOT}/x`)], /is where something else/],
    ['something in a file', inRoot('x', 'x/y'), /x\/y" is where something else is/],
    ['no entry', [], /no file is in it/],
    ['only folders', [bin], /no file is in it/],
  ])('%s', async (_, entries, message) => {
    const said = await place.refusal(gzipSync(await tarOf(entries)));
    expect(said).toMatch(/^cannot unpack \/.*\/archive\.tar\.gz: \P{C}+$/u);
    expect(said).toMatch(message);
  });

  const NAME = 0;
  const SIZE = 124;
  const TYPE = 156;
  /** What tar-stream would not write: the text is put into the first header. */
  const odd = (entry: Entry, at: number, text: string) => async () => {
    const tar = await tarOf([entry]);
    tar.write(text, at, 'latin1');
    return summed(tar, 0);
  };
  const changed = (entry: Entry, change: (tar: Buffer) => Buffer) => async () =>
    change(await tarOf([entry]));
  const zeros = file(`${ROOT}/x`, { content: Buffer.alloc(4096) });
  const openEnd = async () => {
    const more = (await tarOf([long('y')])).subarray(0, 1024);
    return Buffer.concat([(await tarOf([heph])).subarray(0, 1024), more, Buffer.alloc(1024)]);
  };

  test.each<[string, () => Promise<Buffer>, RegExp]>([
    ['an unknown kind', odd(heph, TYPE, 'S'), /neither a file/],
    ['a slash after a file', odd(heph, NAME, `${ROOT}/x/\0`), /plain path/],
    ['a name that is no UTF-8', odd(heph, NAME, `${ROOT}/\xff\0`), /character in its name/],
    ['a folder that has bytes', odd(bin, SIZE, '00000000100 '), /folder that has bytes/],
    ['a size that is no number', odd(heph, SIZE, 'xbcdefghijk '), /damaged: Invalid header/],
    ['a size that is neither', odd(heph, SIZE, '\x90'), /has a size that is none/],
    ['a size below nothing', odd(heph, SIZE, '\xff'.repeat(11)), /damaged: Invalid header/],
    ['a size beyond all', odd(heph, SIZE, `\x80${'\xff'.repeat(11)}`), /has a size that is none/],
    ['a wrong sum', changed(heph, (tar) => tar.fill('9', 148, 154)), /damaged: Invalid tar header/],
    ['no end', changed(heph, (tar) => tar.subarray(0, -1024)), /cut short/],
    ['half an end', changed(heph, (tar) => tar.subarray(0, -512)), /cut short/],
    ['half a block', changed(heph, (tar) => tar.subarray(0, -1000)), /damaged: Unexpected end/],
    ['an end that is a file’s', changed(zeros, (tar) => tar.subarray(0, -1024)), /cut short/],
    ['a header without an entry', openEnd, /something follows its last entry/],
    [
      'more than its end',
      changed(heph, (tar) => Buffer.concat([tar, Buffer.from('x')])),
      /damaged/,
    ],
    ['nothing that is a tar', async () => Buffer.from('hello '.repeat(1000)), /damaged: Invalid/],
    ['nothing', async () => Buffer.alloc(0), /no file is in it/],
  ])('a tar of %s', async (_, tar, message) => {
    expect(await place.refusal(gzipSync(await tar()))).toMatch(message);
  });

  test.each<[string, (gz: Buffer) => Buffer, RegExp]>([
    ['a zero', (gz) => Buffer.concat([gz, Buffer.alloc(1)]), /something follows its end$/],
    [
      'many zeros',
      (gz) => Buffer.concat([gz, Buffer.alloc(300_000)]),
      /something follows its end$/,
    ],
    [
      'a zero and more',
      (gz) => Buffer.concat([gz, Buffer.from('\0x')]),
      /something follows its end$/,
    ],
    ['a letter', (gz) => Buffer.concat([gz, Buffer.from('x')]), /damaged/],
    ['the first byte of another', (gz) => Buffer.concat([gz, gz.subarray(0, 1)]), /damaged/],
    ['another', (gz) => Buffer.concat([gz, gzipSync('x')]), /damaged/],
    ['itself', (gz) => Buffer.concat([gz, gz]), /is where something else is/],
  ])('a gzip after which comes %s', async (_, change, message) => {
    expect(await place.refusal(change(gzipSync(await tarOf(PROPER))))).toMatch(message);
  });

  test('no gzip', async () => {
    expect(await place.refusal(await tarOf(PROPER))).toMatch(/damaged: incorrect header check/);
  });

  test('an end that comes too early, wherever', async () => {
    const more = file(`${ROOT}/x`, { content: randomBytes(6000) });
    const whole = gzipSync(await tarOf([...PROPER, more]));
    for (let end = 0; end < whole.length; end += 64)
      expect(await place.refusal(whole.subarray(0, end))).toMatch(
        /damaged: unexpected end of file/,
      );
    await place.refusal(whole.subarray(0, -1));
  });
});

describe('an archive in which bytes were changed is unpacked into its folder or leaves nothing:', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  /** Lands on names, kinds and sizes rather than in contents. */
  const edit = fc.record({
    block: fc.nat(),
    at: fc.oneof(fc.constantFrom(0, ROOT.length, 100, 124, 156), fc.nat(511)),
    put: fc.oneof(
      fc
        .constantFrom('\0', '/', '/../../x\0', '/x/../', '\\', '0', '2', '7', 'x', 'L', '\x80')
        .map(bytes),
      fc.uint8Array({ minLength: 1, maxLength: 1 }).map((one) => Buffer.from(one)),
    ),
    isSummed: fc.boolean(),
    move: fc.constantFrom('none', 'none', 'drop', 'repeat'),
  });
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

  function edited(tar: Buffer, { block, at, put, isSummed, move }: Edit): Buffer {
    const start = 512 * (block % (tar.length / 512));
    const copy = Buffer.from(tar);
    put.copy(copy, start + at);
    if (isSummed) summed(copy, start);
    const keep = move === 'drop' ? 512 : 0;
    const from = move === 'repeat' ? start : start + keep;
    return move === 'none'
      ? copy
      : Buffer.concat([copy.subarray(0, start + 512 - keep), copy.subarray(from)]);
  }

  async function holds(archive: Buffer): Promise<void> {
    await using there = await Place.make();
    const error = await there.unpack(archive).then(
      () => null,
      (reason: unknown) => reason,
    );
    const outside = there.there().filter((path) => !path.startsWith('a/b/c/to'));
    expect(outside).toEqual(there.others());
    if (error === null) {
      for (const made of Object.values(tree(there.to))) expect(made).toMatch(/^[67]00 [^?]*$/);
      return;
    }
    expect(error).toMatchObject({ code: 'bad_archive' });
    expect(there.there()).toEqual(there.others());
  }

  const entries = [...PROPER, long(`${ROOT}/lib/${'n'.repeat(120)}`), ...inRoot('lib/y', 'z')];

  test('in the tar', async () => {
    const tar = await tarOf(entries);
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(edits, (all) => holds(gzipSync(all.reduce(edited, tar)))),
      { numRuns: 200 },
    );
  });

  test('in the gzip', async () => {
    const gz = gzipSync(await tarOf(entries));
    const byte = fc.tuple(fc.nat(gz.length - 1), fc.nat(255));
    const change = async (all: [number, number][]) => {
      const copy = Buffer.from(gz);
      for (const [at, value] of all) copy[at] = value;
      await holds(copy);
    };
    await fc.assert(fc.asyncProperty(fc.array(byte, { minLength: 1, maxLength: 3 }), change), {
      numRuns: 100,
    });
  });
});
