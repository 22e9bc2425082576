import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Durations } from './memory.ts';
import { type Measured, type Measurements, type Part, parts, type Results } from './report.ts';

/** What `bench/results.json` holds. */
interface Stored {
  /** What the cost model takes (cli/cost/assumptions.ts). */
  durations?: Durations;
  parts: Measurements;
}

/** Numbers are kept with so many digits: more of them are noise. */
const digits = 6;

/**
 * The results of all parts, in a file: a part that is measured again replaces its own, and the others stay as they were
 * on their days.
 */
export class Store {
  readonly #file: string;
  #stored: Stored = { parts: {} };

  /** Reads what is there, without the results of parts that are no more. */
  constructor(directory: string) {
    this.#file = join(directory, 'results.json');
    if (!existsSync(this.#file)) return;
    const stored: Partial<Stored> = JSON.parse(readFileSync(this.#file, 'utf8'));
    const known = parts.flatMap((part) => {
      const measured = stored.parts?.[part];
      return measured ? [[part, measured]] : [];
    });
    this.#stored = { ...stored, parts: Object.fromEntries(known) };
  }

  get measurements(): Measurements {
    return this.#stored.parts;
  }

  /** Puts a part's results in place of those before, at once: who interrupts the rest loses nothing. */
  keep<Name extends Part>(part: Name, measured: Measured<Results[Name]>): void {
    this.#write({ ...this.#stored, parts: { ...this.#stored.parts, [part]: measured } });
  }

  /** Keeps the durations that the cost model takes. */
  keepDurations(durations: Durations): void {
    this.#write({ ...this.#stored, durations });
  }

  #write(stored: Stored): void {
    const rounded = JSON.stringify(
      stored,
      (_, value) => (typeof value === 'number' ? Number(value.toPrecision(digits)) : value),
      2,
    );
    writeFileSync(this.#file, `${rounded}\n`);
    this.#stored = JSON.parse(rounded);
  }
}
