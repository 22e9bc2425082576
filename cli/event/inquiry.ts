import { errorText } from '../shared/error-text.ts';

/** A place that was not searched, and why. */
export interface NotAsked {
  source: string;
  why: string;
}

/**
 * Asks one source after the other. One that cannot be asked leaves the others as they are: no permission, no table, an
 * archive that is off, or a deployment of an earlier version.
 */
export class Inquiry {
  readonly notAsked: NotAsked[] = [];

  /** @returns what `run` gives; undefined if it threw, and then `notAsked` says why */
  async ask<Value>(source: string, run: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await run();
    } catch (error) {
      this.notAsked.push({ source, why: errorText(error) });
      return undefined;
    }
  }
}
