const HEAD_BYTES = 8;
const TEXT_BYTES_MAX = 256 * 1024;

/**
 * Which text is being read, told from the thread that reads it to one that
 * watches: whoever is stuck in a loop cannot say so.
 */
export class NowRead {
  readonly shared: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #text: Buffer;

  constructor(shared = new SharedArrayBuffer(HEAD_BYTES + TEXT_BYTES_MAX)) {
    this.shared = shared;
    this.#head = new Int32Array(shared, 0, 2);
    this.#text = Buffer.from(shared, HEAD_BYTES);
  }

  /** @param text only its beginning is told, where it is very long. */
  begin(text: string): void {
    this.#head[1] = this.#text.write(text, 'utf16le');
    Atomics.add(this.#head, 0, 1);
  }

  /** How many were begun. */
  get count(): number {
    return Atomics.load(this.#head, 0);
  }

  /** So that it can be read again. */
  get shown(): string {
    return JSON.stringify(this.#text.toString('utf16le', 0, this.#head[1]));
  }
}
