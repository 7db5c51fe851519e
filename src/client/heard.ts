/** What comes by itself, one after another, for somebody who takes it in a loop. */
export class Heard<T> implements AsyncIterable<T> {
  readonly #queue: T[] = [];
  #isOver = false;
  #wake: PromiseWithResolvers<void> | null = null;

  push(item: T): void {
    this.#queue.push(item);
    this.#wake?.resolve();
  }

  /** Nothing more comes; what has come is still given. */
  end(): void {
    this.#isOver = true;
    this.#wake?.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift())
        yield item;
      if (this.#isOver) return;
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
  }
}
