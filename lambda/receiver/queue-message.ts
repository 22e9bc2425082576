import { createHash } from 'node:crypto';
import type { Envelope } from '../envelope.ts';
import { asciiJson } from '../shared/json.ts';

/**
 * An event as a queue message's body: the JSON as signed, with every character outside ASCII escaped.
 *
 * SQS refuses what XML 1.0 does not allow (a raw U+FFFF, say), and a refused send would lose the event after
 * its last retry.
 *
 * @param text a JSON text, already parsed once without error
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function messageBody(text: string): string {
  return asciiJson(text);
}

/**
 * The message group of an event: its project, so that one noisy project does not delay the others (SQS fair
 * queues). Ids are opaque; one that SQS would refuse as a group is hashed.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function messageGroup(event: Envelope): string {
  const group = event.projectId || event.senderId || 'none';
  return /^[\w-]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
}
