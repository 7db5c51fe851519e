/** What a property list is made of here. Dates, data and reals are not needed. */
export type PlistValue = string | number | boolean | PlistValue[] | PlistDict;

export interface PlistDict {
  [key: string]: PlistValue;
}

/** The text is not an XML property list, or has something in it that this reader does not know. */
export class PlistError extends Error {}

/** @throws {PlistError} */
export function parsePlist(text: string): PlistValue {
  if (FORBIDDEN.test(text)) throw new PlistError('a character that XML does not allow');
  const reader = new Reader(text);
  const root = reader.open();
  if (root.name !== 'plist' || root.isEmpty) throw new PlistError('no <plist>');
  const value = readValue(reader, reader.open());
  reader.close('plist');
  reader.end();
  return value;
}

export function isDict(value: PlistValue | undefined): value is PlistDict {
  return typeof value === 'object' && !Array.isArray(value);
}

// oxlint-disable-next-line no-control-regex -- these are what XML 1.0 forbids.
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

interface Tag {
  name: string;
  /** `<true/>` rather than `<true>`. */
  isEmpty: boolean;
}

function readValue(reader: Reader, { name, isEmpty }: Tag): PlistValue {
  switch (name) {
    case 'dict':
      return isEmpty ? {} : readDict(reader);
    case 'array':
      return isEmpty ? [] : readArray(reader);
    case 'string':
      return isEmpty ? '' : reader.text(name);
    case 'integer':
      return readInteger(isEmpty ? '' : reader.text(name));
    case 'true':
    case 'false':
      if (!isEmpty && reader.text(name).trim() !== '') throw new PlistError(`text in <${name}>`);
      return name === 'true';
    default:
      throw new PlistError(`<${name}> is not known`);
  }
}

function readDict(reader: Reader): PlistDict {
  const dict: PlistDict = {};
  while (!reader.closes('dict')) {
    const tag = reader.open();
    if (tag.name !== 'key') throw new PlistError(`<${tag.name}> where a key should be`);
    const key = tag.isEmpty ? '' : reader.text('key');
    dict[key] = readValue(reader, reader.open());
  }
  return dict;
}

function readArray(reader: Reader): PlistValue[] {
  const values: PlistValue[] = [];
  while (!reader.closes('array')) values.push(readValue(reader, reader.open()));
  return values;
}

function readInteger(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new PlistError(`'${text}' is not an integer`);
  return Number(text);
}

/** Goes through the text once, tag by tag. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next opening tag; only white space, comments and declarations may come before it. */
  open(): Tag {
    this.#skip();
    const [, name, slash] = this.#take(/<([A-Za-z]+)(?:\s[^<>]*?)?\s*(\/?)>/y) ?? [];
    if (name === undefined) throw new PlistError(`no tag at ${this.#at}`);
    return { name, isEmpty: slash === '/' };
  }

  close(name: string): void {
    if (!this.closes(name)) throw new PlistError(`<${name}> is not closed at ${this.#at}`);
  }

  /** Takes the closing tag if it comes next. */
  closes(name: string): boolean {
    this.#skip();
    return this.#take(new RegExp(`</${name}\\s*>`, 'y')) !== null;
  }

  /** The text up to the closing tag, which is taken too. */
  text(name: string): string {
    const raw = this.#take(/[^<]*/y)?.[0] ?? '';
    if (this.#take(new RegExp(`</${name}\\s*>`, 'y')) === null) {
      throw new PlistError(`<${name}> is not closed at ${this.#at}`);
    }
    return decode(raw);
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw new PlistError(`more than one value at ${this.#at}`);
  }

  #skip(): void {
    this.#take(/(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*/sy);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }
}

function decode(raw: string): string {
  return raw.replaceAll(/&([^;&]*;)?/g, (_, body: string | undefined) => {
    const name = body?.slice(0, -1) ?? '';
    const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    if (code) return String.fromCodePoint(parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10));
    const char = ENTITIES[name];
    if (char === undefined) throw new PlistError(`&${name} stands for nothing`);
    return char;
  });
}
