/** An event's fields that decide what becomes of it. */
export interface Sent {
  id?: unknown;
  projectId?: unknown;
  senderId?: unknown;
  data?: unknown;
  [field: string]: unknown;
}

/**
 * Somebody who can look behind a target's answers, and says what became of each event. Each method throws an Error if
 * it was something else. Without a witness, a target is judged by its answers alone.
 */
export interface Witness {
  /** A request with this body is about to be sent. */
  sending(body: Buffer): void;
  /** The event was handled at its first attempt, and its handler got this text. */
  handled(id: string, event: Sent, text: string): Promise<void>;
  /** The event was delivered so many times, was handled at one of them, and nothing is left of it. */
  handledOnce(id: string, deliveries: number): Promise<void>;
  /** The event was handled before, and so many more deliveries were duplicates. */
  duplicates(id: string, times: number): Promise<void>;
  /** Events of several owners that have one id were each handled once, and so many deliveries were duplicates. */
  eachHandled(id: string, events: readonly Sent[], duplicates: number): Promise<void>;
  /** The event is kept as it was signed, because nobody handles it. */
  unrouted(id: string, signed: string | Buffer, reason: string): Promise<void>;
  /** The event was refused: it must never be met behind the answer. */
  refused(id: string): void;
}
