import type { SQSRecord } from 'aws-lambda';

/** How a message's body holds what was signed (text.ts). It is absent if the body is the text itself. */
export const encodingAttribute = 'encoding';

/** When the receiver took an event, in milliseconds. It is absent if the event names a time of its own. */
export const receivedAtAttribute = 'receivedAt';

/**
 * The forced replay that put a message into its queue (cli/replay.ts). Workers trust it: only principals of the stack's
 * account that have the permission can send to the stack's queues.
 */
export const replayAttribute = 'replay';

/**
 * Says that an event was rebuilt of what Zavu's API says (lambda/reconcile/). Workers trust it as they trust `replay`.
 *
 * SQS takes ten attributes of a message, and a dead letter has seven of its own. So such a message never has `receivedAt`,
 * because its event names a time, or `replay`, because no archive has it.
 */
export const reconciledAttribute = 'reconciled';

/**
 * That a message was sent again, by a command: its event was accepted long before, and does not count for how fast events
 * are handled. What adds it: a redrive and a replay.
 */
export const resentAttribute = 'resent';

/** What a message keeps from its first send to its last, whoever sends it again. */
export const lastingAttributes = [
  replayAttribute,
  encodingAttribute,
  receivedAtAttribute,
  reconciledAttribute,
] as const;

/** Texts as message attributes, as SQS's calls take them. */
export function textAttributes(
  texts: Readonly<Record<string, string>>,
): Record<string, { DataType: 'String'; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

/** The text of a message attribute; undefined if the message does not have the attribute. */
export function attributeOf({ messageAttributes }: SQSRecord, name: string): string | undefined {
  return messageAttributes[name]?.stringValue;
}

/** How often SQS has handed a message out, this time included. */
export function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}
