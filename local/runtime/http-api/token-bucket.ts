/**
 * The token bucket by which API Gateway throttles: it holds `burst` tokens at most, `rate` of them come back each
 * second, and a request takes one.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /**
   * Creates a full one.
   *
   * @param rate tokens that come back, each second
   * @param burst tokens that it holds at most
   * @param now milliseconds, of any clock
   */
  constructor(rate: number, burst: number, now: () => number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#filledAt = now();
  }

  /** Takes a token. Gives false if there is none: the request is to be throttled. */
  take(): boolean {
    const now = this.#now();
    const earned = ((now - this.#filledAt) / 1000) * this.#rate;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
