/** Which ids of this run those on the page stand for: a page's reader types the ids that came. */
export class PageIds {
  readonly #real = new Map<string, string>();

  /** @throws when the page calls by one id what are two. */
  bind(onPage: string, real: string): void {
    const known = this.#realOf(onPage);
    if (known !== null && known !== real) {
      throw new Error(`${onPage} is ${known} here, and was ${real} before: the page mixes up two`);
    }
    this.#real.set(onPage, real);
  }

  /** A command of the page with the ids of this run. */
  translate(command: string): string {
    return command.replaceAll(
      /\b[0-9A-HJKMNP-TV-Z]{4,26}\b/g,
      (word) => this.#realOf(word) ?? word,
    );
  }

  #realOf(word: string): string | null {
    for (const [onPage, real] of this.#real) {
      if (onPage.endsWith(word) || word.endsWith(onPage)) return real;
    }
    return null;
  }
}
