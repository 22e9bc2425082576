import type { buildApp } from 'fauxqs';
import type { LocalQueue } from './local-queue.ts';

const prefix = 'zavu-local-event:';

/**
 * A receipt handle that the local run's own SQS takes for the messages in flight that hold an event. No other SQS does:
 * AWS gives a handle to whoever receives a message, and to nobody else.
 */
export function eventHandle(eventId: string): string {
  return `${prefix}${eventId}`;
}

/**
 * Lets ChangeMessageVisibility take such a handle.
 *
 * @param queueOf the queue that a request's body names
 */
export function acceptEventHandles(
  app: ReturnType<typeof buildApp>,
  queueOf: (body: unknown) => LocalQueue | undefined,
): void {
  app.addHook('preHandler', async ({ headers, body }) => {
    if (headers['x-amz-target'] !== 'AmazonSQS.ChangeMessageVisibility') return;
    const change = body as { ReceiptHandle?: string; VisibilityTimeout?: number };
    if (!change.ReceiptHandle?.startsWith(prefix)) return;
    const [handle, ...others] = queueOf(body)?.handlesOf(change.ReceiptHandle.slice(prefix.length)) ?? [];
    if (handle === undefined) return;
    for (const other of others) queueOf(body)?.changeVisibility(other, change.VisibilityTimeout ?? 0);
    change.ReceiptHandle = handle;
  });
}
