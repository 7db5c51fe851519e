/** What was done to a file's content: bytes put somewhere, or a new length. */
export type DataOp = { at: number; bytes: Buffer } | { size: number };

/** The bytes of a file, which grows as files do: what lies between is zeros. */
export class Content {
  #room: Buffer;
  #size: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#room = Buffer.from(bytes);
    this.#size = bytes.length;
  }

  apply(op: DataOp): void {
    if ('size' in op) {
      this.#grow(op.size);
      this.#room.fill(0, Math.min(op.size, this.#size), Math.max(op.size, this.#size));
      this.#size = op.size;
      return;
    }
    const end = op.at + op.bytes.length;
    this.#grow(end);
    op.bytes.copy(this.#room, op.at);
    this.#size = Math.max(this.#size, end);
  }

  get bytes(): Buffer {
    return this.#room.subarray(0, this.#size);
  }

  /** Room beyond the size is always zeros. */
  #grow(size: number): void {
    if (size <= this.#room.length) return;
    const room = Buffer.alloc(Math.max(size, this.#room.length * 2));
    this.#room.copy(room, 0, 0, this.#size);
    this.#room = room;
  }
}
