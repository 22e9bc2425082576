import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Archive } from '../archive/archive.ts';
import { packBytes, packEvent } from '../queued-event/text.ts';
import { workerOfCanary } from '../routing/canary-event.ts';
import { type WorkerName, workerFor } from '../routing/routes.ts';
import { errorFields, type Logger } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { bindingsOf, provedBy } from '../zavu/binding.ts';
import { idOfBytes, type ReadEnvelope, readEnvelope, unreadableType } from '../zavu/envelope.ts';
import { type SignaturePolicy, signatureHeader, type Verdict } from '../zavu/signature.ts';
import {
  answerTo,
  type Destination,
  type Facts,
  fieldsOf,
  type Outcome,
  type Refused,
  rejected,
} from './outcome.ts';
import { boundToText, messageAttributes, messageGroup } from './queue-message.ts';
import type { RecentIds } from './recent-ids.ts';
import type { SigningSecrets } from './secrets.ts';
import { createVerifier } from './verifier.ts';

export interface Receiver {
  secrets: SigningSecrets;
  policy: SignaturePolicy;
  /** How old an event may be by its own timestamp, which every scheme signs, in seconds; Infinity for any age. */
  maxEventAgeSeconds: number;
  /** The largest body that the queues take, dead-letter queues with their attributes too, in bytes. */
  maxEventBytes: number;
  /** Time for the whole answer, in milliseconds: less than the 5 s that Zavu waits. */
  answerWithinMs: number;
  /**
   * Puts an event into a worker's queue, or into the unrouted queue. Returns once it is durable, and throws at the
   * deadline (milliseconds since the epoch) at the latest.
   */
  send(to: WorkerName | 'unrouted', message: OutgoingMessage, deadline: number): Promise<void>;
  /** Notices an id that two senders use. */
  recentIds: RecentIds;
  /** Whether the stack has a canary, whose events go to the worker that they name; else nobody handles their type. */
  hasCanary: boolean;
  /** Where accepted events are kept besides; undefined where they are not. */
  archive?: Archive | undefined;
  now(): number;
  log: Logger;
}

/** What the receiver reads of API Gateway's event. Any of it may be missing; without a signature it is a 401. */
export type Request = Partial<
  Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded' | 'requestContext'>
>;

/** A message for a queue, and its attributes by their names. */
export interface OutgoingMessage {
  body: string;
  group: string;
  attributes: Readonly<Record<string, string>>;
}

type Signed = Extract<Verdict, { ok: true }>;

/** How long `boundTo` may be beside the largest event: of the 2 KB that its limit leaves for attributes, half. */
const maxBoundTo = 1_024;

/**
 * Creates the receiver: verifies a webhook, stores it in its worker's queue and only then answers 200.
 *
 * @returns a Lambda handler for HTTP API payload 2.0 that answers every request and never throws
 */
export function createHandler(receiver: Receiver) {
  const verify = createVerifier(receiver);
  return async (request: Request): Promise<APIGatewayProxyStructuredResultV2> => {
    const startedAt = receiver.now();
    const outcome = await receive(request, receiver, verify, startedAt + receiver.answerWithinMs);
    const answer = answerTo(outcome);
    receiver.log.info('webhook', {
      ...fieldsOf(outcome),
      status: answer.statusCode,
      ms: receiver.now() - startedAt,
      ...(request.requestContext ? { requestId: request.requestContext.requestId } : {}),
      // Lambda's runtime sets it for each invocation.
      ...traceField(process.env._X_AMZN_TRACE_ID),
    });
    return answer;
  };
}

async function receive(
  request: Request,
  receiver: Receiver,
  verify: ReturnType<typeof createVerifier>,
  deadline: number,
): Promise<Outcome> {
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  try {
    const verdict = await verify(request.headers?.[signatureHeader], bytes, deadline);
    if (!verdict.ok) return rejected(verdict.problem, verdict.reason);
    return { ...(await store(verdict, receiver, deadline)), scheme: verdict.scheme };
  } catch (error) {
    receiver.log.error('webhook_failed', errorFields(error));
    return {
      outcome: 'unavailable',
      problem: 'unavailable',
      reason: error instanceof Error ? error.name : '',
    };
  }
}

/** What Zavu signed is never refused for its shape: what cannot be handled as it is waits in the unrouted queue. */
async function store(verdict: Signed, receiver: Receiver, deadline: number): Promise<Outcome> {
  const { signed, by } = verdict;
  const { maxEventBytes, now, archive, recentIds, log } = receiver;
  const receivedAt = now();
  const text = signed.toString('utf8');
  const read = readEnvelope(text, receivedAt);
  const destination = read ? destinationOf(read, verdict, receiver) : ({ reason: 'unreadable' } as const);
  if ('problem' in destination) return destination;
  const boundTo = 'reason' in destination ? bindingsOf(by) : [];
  // One key may be bound to many, and what says so counts for SQS, too.
  const most = maxEventBytes - Math.max(0, boundToText(boundTo).length - maxBoundTo);
  const packed = read ? packEvent(text, most) : packBytes(signed, most);
  if (!packed) return rejected('payload_too_large', 'compressed');

  const event: Facts = read?.event ?? { id: idOfBytes(signed), type: unreadableType };
  if (recentIds.isShared(event)) log.warn('shared_id', { id: event.id });
  const message: OutgoingMessage = {
    body: packed.body,
    group: messageGroup(event),
    attributes: messageAttributes({
      encoding: packed.encoding,
      ...('reason' in destination
        ? { reason: destination.reason, boundTo, receivedAt }
        : { receivedAt: read?.hasTime ? undefined : receivedAt }),
    }),
  };
  // Beside the queue, which alone decides the answer. Both are over before it is given: what goes on after it
  // is frozen with the function.
  const archived = isArchived(destination)
    ? archive?.({ ...event, queued: packed, ...(read ? {} : { boundTo }) }, signed, deadline)
    : undefined;
  try {
    await receiver.send('worker' in destination ? destination.worker : 'unrouted', message, deadline);
  } finally {
    await archived;
  }
  return { outcome: 'worker' in destination ? 'queued' : 'unrouted', event, ...destination };
}

/** Where an event goes, or why it is refused: only for being another's than its secret is bound to, or too old. */
function destinationOf(
  { event, hasTime }: ReadEnvelope,
  { by, scheme }: Signed,
  { maxEventAgeSeconds, now, hasCanary }: Receiver,
): Destination | Refused {
  const proof = provedBy(by, event);
  if (proof === 'elsewhere') return rejected('invalid_signature', 'secret_bound_elsewhere');
  if (proof === 'unsaid') return { reason: 'owner_unknown' };
  // The signature's own time is not signed by v1 and missing in sha256, so that a captured request stays fresh.
  if (maxEventAgeSeconds !== Number.POSITIVE_INFINITY) {
    if (!hasTime && scheme !== 'v2') return { reason: 'age_unknown' };
    if (now() - event.timestamp > maxEventAgeSeconds * 1000) return rejected('stale_event', 'too_old');
  }
  const worker = workerFor(event.type);
  if (worker) return { worker };
  const canaryWorker = hasCanary ? workerOfCanary(event) : undefined;
  return canaryWorker ? { worker: canaryWorker, isCanary: true } : { reason: 'unknown_type' };
}

/** What is in the archive may be replayed: nothing of the canary's, and nothing whose owner or age nobody knows. */
function isArchived(destination: Destination): boolean {
  if ('worker' in destination) return !destination.isCanary;
  return destination.reason === 'unknown_type' || destination.reason === 'unreadable';
}
