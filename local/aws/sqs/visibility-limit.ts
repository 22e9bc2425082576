import type { buildApp } from 'fauxqs';
import type { LocalQueue } from './local-queue.ts';

interface Change {
  Id?: string;
  ReceiptHandle?: string;
  VisibilityTimeout?: number;
}

interface Body extends Change {
  Entries?: Change[];
}

interface Refused {
  Id: string | undefined;
  Code: string;
  Message: string;
  SenderFault: true;
}

const single = 'AmazonSQS.ChangeMessageVisibility';
const batch = 'AmazonSQS.ChangeMessageVisibilityBatch';
const contentType = 'application/x-amz-json-1.0';
const code = 'InvalidParameterValue';

/**
 * Lets SQS refuse a visibility timeout that would hide a message for too long: the call, or one entry of a batch.
 *
 * @param queueOf the queue that a request's body names
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export function limitVisibility(
  app: ReturnType<typeof buildApp>,
  queueOf: (body: unknown) => LocalQueue | undefined,
): void {
  const refused = new WeakMap<object, Refused[]>();

  app.addHook('preHandler', async (request, reply) => {
    const target = request.headers['x-amz-target'];
    const queue = target === single || target === batch ? queueOf(request.body) : undefined;
    if (!queue) return;
    const body = request.body as Body;
    const tooLong = ({ ReceiptHandle = '', VisibilityTimeout = 0 }: Change) =>
      queue.hidesTooLong(ReceiptHandle, VisibilityTimeout);

    if (target === single) {
      if (!tooLong(body)) return;
      reply.code(400).header('content-type', contentType);
      reply.header('x-amzn-query-error', `${code};Sender`);
      return reply.send({ __type: `com.amazonaws.sqs#${code}`, message: reason(body) });
    }
    const { Entries = [] } = body;
    const Failed = Entries.filter(tooLong).map((entry): Refused => {
      return { Id: entry.Id, Code: code, Message: reason(entry), SenderFault: true };
    });
    if (Failed.length === 0) return;
    refused.set(request, Failed);
    body.Entries = Entries.filter((entry) => !Failed.some(({ Id }) => Id === entry.Id));
    if (body.Entries.length > 0) return;
    // Without its entries, the batch would be refused as a whole.
    return reply.header('content-type', contentType).send({ Successful: [], Failed: [] });
  });

  app.addHook('preSerialization', async (request, _reply, payload) => {
    const more = refused.get(request);
    if (!more) return payload;
    const { Failed = [], ...rest } = payload as { Failed?: unknown[] };
    return { ...rest, Failed: [...Failed, ...more] };
  });
}

function reason({ VisibilityTimeout }: Change): string {
  return `Value ${VisibilityTimeout} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]`;
}
