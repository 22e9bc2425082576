import type { SQSRecord } from 'aws-lambda';

/** How a message's body holds what was signed (queued-text.ts); absent where the body is the text itself. */
export const encodingAttribute = 'encoding';

/** When the receiver took an event, in milliseconds; absent where a queued event names a time of its own. */
export const receivedAtAttribute = 'receivedAt';

/**
 * The forced replay which put a message into its queue (cli/replay.ts). It is trusted: only principals of the stack's
 * account that are granted it can send to the stack's queues.
 */
export const replayAttribute = 'replay';

/** What a message carries from its first send to its last, whoever sends it again. */
export const lastingAttributes = [replayAttribute, encodingAttribute, receivedAtAttribute] as const;

/** Texts as message attributes, as SQS's calls take them. */
export function textAttributes(
  texts: Readonly<Record<string, string>>,
): Record<string, { DataType: 'String'; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

/** A message attribute's text; undefined where there is none. */
export function attributeOf({ messageAttributes }: SQSRecord, name: string): string | undefined {
  return messageAttributes[name]?.stringValue;
}
