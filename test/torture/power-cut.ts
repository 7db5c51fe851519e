import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Content, type DataOp } from './content.ts';
import type { Random } from './random.ts';

/** What a disk writes whole, or not at all. */
const SECTOR = 512;

type NameOp = { path: string; apply: (names: Map<string, File>) => void };

/** A file's content: what the disk has for certain, and what it was told since. */
interface File {
  durable: Content;
  pending: DataOp[];
}

/**
 * What is left of a folder after the power went: a model of a disk with a cache.
 *
 * - What a file held when it was last synced is there.
 * - Of what was written since, each sector of 512 bytes is there or not, as chance
 *   has it; a new length, too.
 * - Names that were made, changed or removed before their folder was synced are
 *   so; of those since, the first few are, in their order, as file systems with a
 *   journal do it.
 *
 * Not modelled: bits that rot, sectors that are garbage, disks that lie about syncing.
 */
export class Disk {
  readonly #folder: string;
  readonly #before: ReadonlyMap<string, { ino: number; bytes: Buffer }>;

  /** As it is now, all of it for certain. Sockets and SQLite's shared memory are not of a disk. */
  constructor(folder: string) {
    this.#folder = folder;
    const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const names = inside.map((name) => `${folder}/${name}`);
    const files = names.filter((path) => isKept(path) && statSync(path).isFile());
    this.#before = new Map(
      files.map((path) => [path, { ino: statSync(path).ino, bytes: readFileSync(path) }]),
    );
  }

  /** Put in the folder what is left after what the journal says was done. @returns how much was lost. */
  cut(journal: string, random: Random): { lostWrites: number; lostNames: number } {
    const { names, pendingNames } = this.#played(readFileSync(journal));
    const keptNames = random.int(0, pendingNames.length);
    for (const { apply } of pendingNames.slice(0, keptNames)) apply(names);
    rmSync(this.#folder, { recursive: true });
    mkdirSync(this.#folder, { mode: 0o700 });
    let lostWrites = 0;
    for (const [path, file] of names) {
      if (!isKept(path)) continue;
      const { bytes, lost } = surviving(file, random);
      lostWrites += lost;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, bytes, { mode: 0o600 });
    }
    return { lostWrites, lostNames: pendingNames.length - keptNames };
  }

  #played(journal: Buffer): { names: Map<string, File>; pendingNames: NameOp[] } {
    const byIno = new Map<number, File>();
    const names = new Map<string, File>();
    /** As the program sees it, which is what the next operation is about. */
    const seen = new Map<string, File>();
    for (const [path, { ino, bytes }] of this.#before) {
      const file: File = { durable: new Content(bytes), pending: [] };
      byIno.set(ino, file);
      for (const each of [names, seen]) each.set(path, file);
    }
    let pendingNames: NameOp[] = [];
    const rename = (path: string, apply: NameOp['apply']) => {
      apply(seen);
      pendingNames.push({ path, apply });
    };
    for (const { op, words, bytes } of recordsOf(journal)) {
      const [first = '', second = ''] = words;
      const file = byIno.get(Number(first));
      if (op === 'C') {
        const made: File = { durable: new Content(), pending: [] };
        byIno.set(Number(first), made);
        rename(second, (map) => map.set(second, made));
      } else if (op === 'W' && bytes) file?.pending.push({ at: Number(second), bytes });
      else if (op === 'T') file?.pending.push({ size: Number(second) });
      else if (op === 'S' && file) settle(file);
      else if (op === 'U') rename(first, (map) => map.delete(first));
      else if (op === 'R' || op === 'L') {
        const moved = seen.get(first);
        rename(second, (map) => {
          if (moved) map.set(second, moved);
          if (op === 'R') map.delete(first);
        });
      } else if (op === 'D') {
        const isIn = ({ path }: NameOp) => dirname(path) === first;
        for (const { apply } of pendingNames.filter(isIn)) apply(names);
        pendingNames = pendingNames.filter((each) => !isIn(each));
      }
    }
    return { names, pendingNames };
  }
}

function isKept(path: string): boolean {
  return !path.endsWith('-shm');
}

function settle(file: File): void {
  for (const op of file.pending) file.durable.apply(op);
  file.pending = [];
}

/** How much of what was not synced a disk may have kept: nothing, all, or any of it. */
function surviving({ durable, pending }: File, random: Random): { bytes: Buffer; lost: number } {
  const chance = random.pick([0, 1, 0.5, 0.9]);
  let lost = 0;
  for (const op of pending) {
    const parts = 'size' in op ? [op] : sectorsOf(op);
    for (const part of parts) {
      if (random.is(chance)) durable.apply(part);
      else lost++;
    }
  }
  return { bytes: durable.bytes, lost };
}

function sectorsOf({ at, bytes }: { at: number; bytes: Buffer }): DataOp[] {
  const parts: DataOp[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, (Math.floor((at + from) / SECTOR) + 1) * SECTOR - at);
    parts.push({ at: at + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return parts;
}

interface Entry {
  op: string;
  words: string[];
  bytes: Buffer | null;
}

/** A torn last record is none: the kill came first. */
function* recordsOf(journal: Buffer): Generator<Entry> {
  for (let at = 0; at < journal.length;) {
    const end = journal.indexOf('\n', at);
    if (end === -1) return;
    const line = journal.toString('utf8', at, end);
    const op = line.slice(0, 1);
    const rest = line.slice(2);
    at = end + 1;
    if (op === 'W') {
      const words = rest.split(' ');
      const size = Number(words[2]);
      if (at + size + 1 > journal.length) return;
      yield { op, words, bytes: journal.subarray(at, at + size) };
      at += size + 1;
    } else if (op === 'R' || op === 'L' || op === 'Y') {
      yield { op, words: rest.split('\t'), bytes: null };
    } else {
      const space = op === 'C' || op === 'T' ? rest.indexOf(' ') : rest.length;
      yield { op, words: [rest.slice(0, space), rest.slice(space + 1)], bytes: null };
    }
  }
}
