const NEWLINE = 0x0a;

/**
 * Bytes in, lines out: one message, one line. Chunks may cut a line, or a
 * character, anywhere.
 */
export class LineReader {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** @param maxBytes a longer line is an error; it is never gathered whole. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that `chunk` completes, without their newline.
   * @throws {LineTooLongError} the connection is then past use.
   */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      this.#chunks = [];
      throw new LineTooLongError(this.#maxBytes);
    }
    this.#chunks.push(part);
  }

  #take(): string {
    const whole = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    return whole.toString('utf8');
  }
}

export class LineTooLongError extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`a line is longer than ${maxBytes} bytes`);
    this.name = 'LineTooLongError';
    this.maxBytes = maxBytes;
  }
}
