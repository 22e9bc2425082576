import type { AttemptFailure } from '../failures/failure.ts';
import type { OutcomeLine } from './outcome-line.ts';

/** How many halves are kept that wait for the other one. */
const maxWaiting = 200;

interface Halves {
  failure?: AttemptFailure;
  line?: OutcomeLine;
}

/**
 * Brings together what was thrown in an attempt and what its worker says has become of the event: they come on two ways,
 * in any order.
 */
export class AttemptPairs {
  readonly #waiting = new Map<string, Halves>();
  readonly #take: (failure: AttemptFailure, line: OutcomeLine) => void;

  /** @param take is given each pair once, when the second half has come */
  constructor(take: (failure: AttemptFailure, line: OutcomeLine) => void) {
    this.#take = take;
  }

  failed(failure: AttemptFailure): void {
    this.#add(failure, { failure });
  }

  /** Takes a line about any event. One that says nothing of an error has no other half. */
  outcome(line: OutcomeLine): void {
    const { id, worker, attempt, outcome, error } = line;
    if (error === undefined || (outcome !== 'retried' && outcome !== 'dead_lettered')) return;
    this.#add({ id, worker, attempt }, { line });
  }

  #add({ id, worker, attempt }: { id?: unknown; worker?: unknown; attempt?: unknown }, half: Halves): void {
    const key = JSON.stringify([id, worker, attempt]);
    const { failure, line } = { ...this.#waiting.get(key), ...half };
    this.#waiting.delete(key);
    if (failure && line) {
      this.#take(failure, line);
      return;
    }
    this.#waiting.set(key, half);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > maxWaiting && oldest !== undefined) this.#waiting.delete(oldest);
  }
}
