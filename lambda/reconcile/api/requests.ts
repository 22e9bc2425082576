import { setTimeout as sleepMs } from 'node:timers/promises';
import { ApiKeyRefused, CursorExpired, RequestRefused, ZavuUnavailable } from './api-errors.ts';
import { failedRequest } from './failed-request.ts';
import { RequestBudget } from './request-budget.ts';

/** How often one thing is asked for. */
const maxAttempts = 5;
/** The wait after the first failure, in milliseconds, if Zavu names none. It doubles each time. */
const firstBackoffMs = 1000;

/** What is asked for. */
interface Question {
  /** For sentences, without an id or an address: `the list of calls`. */
  what: string;
  /** Whether the request continues a list. */
  hasCursor?: boolean;
}

/** How requests are made. */
export interface RequestSettings {
  /** How many requests may begin in any minute, repeated ones included. */
  requestsPerMinute: number;
  /** Ends what is under way. Its reason is thrown then. */
  signal: AbortSignal;
  /**
   * How long one request may take, to the end of its answer, in milliseconds.
   *
   * @default 20 s
   */
  requestMs?: number;
  /**
   * How long one thing is waited for in all, because Zavu says so or fails, in milliseconds. Waits for the budget do not count.
   *
   * @default 2 min, which is two windows of Zavu's limit
   */
  patienceMs?: number;
  /**
   * Milliseconds since the epoch.
   *
   * @default the machine's
   */
  clock?: () => number;
  /**
   * Waits, and rejects if the signal is aborted meanwhile.
   *
   * @default the machine's
   */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Makes requests of Zavu's API within a budget, and repeats those that may succeed later.
 *
 * The SDK repeats requests as well, and its own repetition is switched off for these reasons: it obeys any Retry-After,
 * an hour as well; it goes on to sleep after the signal was aborted; it limits the time to an answer's headers, not to
 * its end; and nobody could count what it does.
 */
export class Requests {
  count = 0;
  readonly #settings: Required<RequestSettings>;
  readonly #budget: RequestBudget;

  constructor(settings: RequestSettings) {
    const {
      requestMs = 20_000,
      patienceMs = 120_000,
      clock = Date.now,
      sleep = sleepUntilAborted,
    } = settings;
    this.#settings = { ...settings, requestMs, patienceMs, clock, sleep };
    const { requestsPerMinute: perMinute, signal } = settings;
    this.#budget = new RequestBudget({ perMinute, clock, sleep: (ms) => sleep(ms, signal) });
  }

  /**
   * Asks until there is an answer, or a reason to give up.
   *
   * @param call one request, which ends when its signal does, and the reading of its answer. It throws UnreadableAnswer if
   * the answer is not as documented
   * @throws ApiKeyRefused, CursorExpired, RequestRefused, ZavuUnavailable; the reason of the settings' signal
   */
  async ask<Answer>(question: Question, call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { signal, patienceMs, clock } = this.#settings;
    let waitedMs = 0;
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      try {
        return await this.#attempt(call);
      } catch (error) {
        signal.throwIfAborted();
        const failure = failedRequest(error, clock());
        if (!failure.isTransient) throw refusalOf(question, failure.status ?? 0);
        const waitMs = failure.retryAfterMs ?? firstBackoffMs * 2 ** (attempt - 1);
        waitedMs += waitMs;
        if (attempt === maxAttempts || waitedMs > patienceMs) {
          const wish =
            failure.retryAfterMs === undefined ? '' : `, with a wait of ${Math.ceil(waitMs / 1000)} s`;
          throw new ZavuUnavailable(question.what, attempt, failure.reason + wish);
        }
        this.#budget.holdUntil(clock() + waitMs);
      }
    }
  }

  /** Waits for the budget. */
  async #turn(): Promise<void> {
    const { signal } = this.#settings;
    signal.throwIfAborted();
    try {
      await this.#budget.take();
    } finally {
      signal.throwIfAborted();
    }
  }

  async #attempt<Answer>(call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { signal, requestMs } = this.#settings;
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = setTimeout(abort, requestMs);
    signal.addEventListener('abort', abort, { once: true });
    this.count++;
    try {
      return await call(controller.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
}

const sleepUntilAborted = (ms: number, signal: AbortSignal) => sleepMs(ms, undefined, { signal });

function refusalOf({ what, hasCursor = false }: Question, status: number): Error {
  if (status === 401 || status === 403) return new ApiKeyRefused(what, status);
  // The same list was given before, so what Zavu refuses is the cursor.
  return hasCursor ? new CursorExpired(what, status) : new RequestRefused(what, status);
}
