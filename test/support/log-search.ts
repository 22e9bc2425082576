import { confidentialOf, confidentialSamples, revealed } from './confidential.ts';

/** What came while a test ran. It is judged at the file's end, where nobody would know whose it is. */
interface Blamed {
  text: string;
  test: string;
}

/** Collects what a stack logs and what it is denied, each with the test that ran, for a verdict at the end. */
export class LogSearch {
  readonly #confidential = new Set(confidentialSamples);
  readonly #lines: Blamed[] = [];
  readonly #denied: Blamed[] = [];

  /** Remembers what a request said: no log may show it. */
  confide(body: string): void {
    for (const text of confidentialOf(body)) this.#confidential.add(text);
  }

  takeLine(text: string): void {
    this.#lines.push({ text, test: runningTest() });
  }

  takeDenial(text: string): void {
    this.#denied.push({ text, test: runningTest() });
  }

  /** The denials so far, which the caller expects: any other fails `judge`. */
  expectedDenials(): string[] {
    return this.#denied.splice(0).map(({ text }) => text);
  }

  /**
   * @throws Error where a function did what its role does not allow, or a log shows what it must not, with the test that
   *   ran when it did
   */
  judge(): void {
    if (this.#denied.length > 0) {
      throw new Error(this.#denied.map(({ text, test }) => `Denied during ${test}: ${text}`).join('\n'));
    }
    for (const { text, test } of this.#lines) {
      const what = revealed(text, this.#confidential);
      if (what) throw new Error(`A log shows ${what}, during ${test}: ${text}`);
    }
  }
}

function runningTest(): string {
  // The soak runs without jest.
  const name = 'expect' in globalThis ? expect.getState().currentTestName : undefined;
  return name ? `"${name}"` : 'no test';
}
