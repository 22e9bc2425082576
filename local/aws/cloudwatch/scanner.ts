/** Reads a text from left to right: for metric math, filter patterns and alarm rules. */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Takes what a pattern matches here, after white space.
   *
   * @returns the text, or undefined if the pattern does not match; nothing is taken then
   */
  take(pattern: RegExp): string | undefined {
    this.#at += this.#text.slice(this.#at).search(/\S|$/);
    const [found] =
      this.#text.slice(this.#at).match(new RegExp(`^(?:${pattern.source})`, pattern.flags)) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** What is not read yet, for errors. */
  get rest(): string {
    return this.#text.slice(this.#at).trim();
  }
}
