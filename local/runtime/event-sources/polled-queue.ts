/** A message as ReceiveMessage gives it, with all of its attributes. */
export interface ReceivedMessage {
  MessageId?: string | undefined;
  ReceiptHandle?: string | undefined;
  Body?: string | undefined;
  MD5OfBody?: string | undefined;
  Attributes?: Partial<Record<string, string>> | undefined;
  MessageAttributes?:
    | Record<string, { StringValue?: string | undefined; DataType: string | undefined }>
    | undefined;
}

/** A queue, as far as a poller goes. */
export interface PolledQueue {
  /** Whether a receive that is cut off hides no message from the next one. */
  readonly cutsCleanly: boolean;
  /** Waits for messages, for a second or so, and gives what there is. */
  receive(max: number, signal: AbortSignal): Promise<ReceivedMessage[]>;
  delete(receiptHandles: readonly string[]): Promise<void>;
}
