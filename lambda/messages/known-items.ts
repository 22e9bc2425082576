/** What the messages table knows of one message, template, call, invitation, conversation or broadcast. */
export interface KnownItem {
  /** The one that counts. */
  status: string;
  /** Every state that an event reported. */
  states: ReadonlySet<string>;
  /** Timestamp of the latest event, in milliseconds. */
  updatedAt: number;
}
