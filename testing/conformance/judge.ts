import type { SenderScheme } from '../../lambda/zavu/sign.ts';
import { type Scheme, signatureHeader } from '../../lambda/zavu/signature.ts';
import { waitFor } from '../waiting.ts';
import type { TargetClock } from './clock.ts';
import { digest, idOf } from './expected-id.ts';
import { exchange, type RawAnswer } from './raw-http.ts';
import { signBytes } from './signature.ts';
import type { Sent, Witness } from './witness.ts';

/** What requests are sent to, and what is known of it. */
export interface JudgedTarget {
  url: string;
  /** Those that prove everybody's events; one at least. */
  secrets: readonly string[];
  /** The schemes that it takes, weakest first. */
  accepted: readonly Scheme[];
  /** How old a signed request may be, and how far ahead of the clock, in seconds. */
  tolerance: { ageSeconds: number; aheadSeconds: number };
  /** Whether its answers are to be those of this project's receiver. */
  isExact: boolean;
  /** For how long a request is sent again while the answer is 5xx, in milliseconds. */
  patienceMs: number;
  clock: TargetClock;
}

export interface Posting {
  /** @default the target's */
  url?: string;
  /** @default the strongest that the target accepts */
  scheme?: SenderScheme;
  /** @default the target's first */
  secret?: string;
  /** When it was signed, in seconds since the epoch by the target's clock. */
  at?: number;
  /** In place of the signature: one header, several, or none. */
  signature?: string | string[] | null;
  /** `null` leaves it out. */
  contentType?: string | null;
  headers?: Record<string, string>;
  /** In how many pieces the body is sent. */
  pieces?: number;
}

/** Posts events to a target as Zavu does, and compares what comes with what must come. */
export class Judge {
  readonly target: JudgedTarget;
  readonly #witness: Witness | undefined;

  constructor(target: JudgedTarget, witness?: Witness) {
    this.target = target;
    this.#witness = witness;
  }

  /** What a request is signed with if its secret is not what is judged. */
  get secret(): string {
    return this.target.secrets[0] ?? '';
  }

  /** The target's clock, in seconds since the epoch. */
  nowSeconds(): number {
    return Math.floor((Date.now() + this.target.clock.aheadMs) / 1000);
  }

  /**
   * Posts an event, or a body as it stands; again while a busy machine answers 5xx, as Zavu does.
   *
   * @throws Error if there is no other answer for as long as the target may take
   */
  async post(what: object | string | Buffer, options: Posting = {}): Promise<RawAnswer> {
    const { url = this.target.url, contentType = 'application/json', headers = {}, pieces = 1 } = options;
    const body = bytesOf(what);
    this.#witness?.sending(body);
    const send = () => {
      const { signature = this.signed(body, options) } = options;
      return exchange(url, {
        headers: {
          ...(contentType === null ? {} : { 'content-type': contentType }),
          ...(signature === null ? {} : { [signatureHeader]: signature }),
          ...headers,
        },
        body,
        pieces,
      });
    };
    let answer = await send();
    await waitFor(
      async () => {
        if (answer.status >= 500) answer = await send();
        return answer.status < 500;
      },
      this.target.patienceMs,
      () => `an answer below 500; the last was ${answerText(answer)}`,
    );
    return answer;
  }

  /** The signature of a body, by default as the target takes it. */
  signed(what: object | string | Buffer, options: Posting = {}): string {
    const usual = this.target.accepted.at(-1) ?? 'v2';
    const { scheme = usual, secret = this.secret, at = this.nowSeconds() } = options;
    return signBytes(bytesOf(what), scheme, secret, at);
  }

  /** A request was taken, under an id. */
  taken(answer: RawAnswer, id: string): void {
    const { status, body } = answer;
    const { isExact } = this.target;
    const { received, id: named } = Object(body);
    const isTaken = isExact ? status === 200 && received === true && named === id : isSuccess(status);
    if (!isTaken) fail(isExact ? `200 ${JSON.stringify({ received: true, id })}` : '2xx', answer);
  }

  /**
   * A request was refused, and its event is never met behind the answer.
   *
   * @param error the word that this project's receiver answers with
   */
  refused(answer: RawAnswer, status: number, error: string, id?: string): void {
    if (id !== undefined) this.#witness?.refused(id);
    const { error: named, message } = Object(answer.body);
    const { isExact } = this.target;
    const isRefused = isExact
      ? answer.status === status && named === error && typeof message === 'string'
      : isRefusal(answer.status);
    if (!isRefused) fail(isExact ? `${status} ${error}, and a message` : `4xx (${error})`, answer);
  }

  /** A request was answered 404, and with this message if one is named. */
  notFound(answer: RawAnswer, message?: string): void {
    const isRight = message === undefined || Object(answer.body).message === message;
    if (answer.status !== 404 || !isRight) fail(`404 ${message ?? ''}`.trimEnd(), answer);
  }

  /**
   * An event was taken, and its handler got the text, once.
   *
   * @param text what was sent, if it is not the event's own JSON
   */
  async handled(answer: RawAnswer, event: Sent, text = JSON.stringify(event)): Promise<void> {
    const id = idOf(event, text);
    this.taken(answer, id);
    await this.wasHandled(id, event);
  }

  /** An event that was taken was handled, once. */
  async wasHandled(id: string, event: Sent): Promise<void> {
    await this.#witness?.handled(id, event, Object(event.data).text ?? '');
  }

  /** An event that was delivered so many times was handled at one of them, and nothing is left of it. */
  async handledOnce(id: string, deliveries: number): Promise<void> {
    await this.#witness?.handledOnce(id, deliveries);
  }

  /** More deliveries of an event that was handled before are duplicates, and nothing else. */
  async duplicates(id: string, times: number): Promise<void> {
    await this.#witness?.duplicates(id, times);
  }

  /** Events with one id, of several owners, were each handled under a key of their own. */
  async eachHandled(id: string, events: readonly Sent[], duplicates = 0): Promise<void> {
    await this.#witness?.eachHandled(id, events, duplicates);
  }

  /** A request was taken, and it is kept as it was signed, because nobody handles it. */
  async unrouted(
    answer: RawAnswer,
    id: string,
    signed: string | Buffer,
    reason = 'unknown_type',
  ): Promise<void> {
    this.taken(answer, id);
    await this.#witness?.unrouted(id, signed, reason);
  }

  /** A signed request that nobody can read was taken, and is kept byte for byte. */
  async unreadable(answer: RawAnswer, signed: Buffer): Promise<void> {
    await this.unrouted(answer, digest(signed), signed, 'unreadable');
  }
}

function bytesOf(what: object | string | Buffer): Buffer {
  if (Buffer.isBuffer(what)) return what;
  return Buffer.from(typeof what === 'string' ? what : JSON.stringify(what));
}

const isSuccess = (status: number) => status >= 200 && status < 300;
const isRefusal = (status: number) => status >= 400 && status < 500;

function fail(expected: string, answer: RawAnswer): never {
  throw new Error(`The answer must be ${expected}. It was ${answerText(answer)}.`);
}

function answerText({ status, body }: RawAnswer): string {
  return body === undefined ? `${status} without JSON` : `${status} ${JSON.stringify(body).slice(0, 300)}`;
}
