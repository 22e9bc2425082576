import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Archive } from '../archive/archive.ts';
import { workerOfCanary } from '../canary/event.ts';
import { type Envelope, parseEnvelope } from '../envelope.ts';
import { type WorkerName, workerFor } from '../routes.ts';
import { parseJson } from '../shared/json.ts';
import { errorFields, type LogFields, type Logger } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { messageBody, messageGroup } from './queue-message.ts';
import type { SigningSecrets } from './secrets.ts';
import type { SignaturePolicy, SignatureProblem } from './signature.ts';
import { covers, type SigningSecret } from './signing-secret.ts';
import { createVerifier } from './verifier.ts';

export interface Receiver {
  secrets: SigningSecrets;
  policy: SignaturePolicy;
  /** How old an event may be by its own timestamp, which every scheme signs, in seconds; Infinity for any age. */
  maxEventAgeSeconds: number;
  /** The largest event that the queues take, dead-letter queues with their labels too, in bytes. */
  maxEventBytes: number;
  /** Time for the whole answer, in milliseconds: less than the 5 s that Zavu waits. */
  answerWithinMs: number;
  /**
   * Puts an event into a worker's queue, or into the parking queue. Returns once it is durable, and throws at the
   * deadline (milliseconds since the epoch) at the latest.
   */
  send(to: WorkerName | 'parking', body: string, group: string, deadline: number): Promise<void>;
  /** Where accepted events are kept besides; undefined where they are not. */
  archive?: Archive | undefined;
  now(): number;
  log: Logger;
}

/** What the receiver reads of API Gateway's event. Any of it may be missing; without a signature it is a 401. */
export type Request = Partial<
  Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded' | 'requestContext'>
>;

/** A text, and the secrets that signed it. */
type Signed = { signed: Buffer; by: readonly SigningSecret[] };
type Problem =
  | SignatureProblem
  | 'stale_event'
  | 'payload_too_large'
  | 'invalid_json'
  | 'invalid_event'
  | 'unavailable';
type Accepted = { outcome: 'queued' | 'parked'; event: Envelope; worker?: WorkerName };
type Refused = { outcome: 'rejected' | 'unavailable'; problem: Problem; reason: string };
type Outcome = (Accepted | Refused) & { scheme?: string };

/** The outcome table: what each problem answers. Zavu retries all of them; only the last is ours to mend. */
const answers: Record<Problem, { status: number; message: string }> = {
  payload_too_large: { status: 413, message: 'The event is larger than a queue message may be.' },
  missing_signature: { status: 401, message: 'The X-Zavu-Signature header is missing.' },
  malformed_signature: {
    status: 401,
    message: 'The X-Zavu-Signature header must be sha256=<hex> or t=<unix seconds>,v1=<hex>,v2=<hex>.',
  },
  tool_call_signature: { status: 401, message: 'This is an agent tool call. This endpoint takes webhooks.' },
  invalid_signature: { status: 401, message: 'The signature matches no signing secret of this endpoint.' },
  stale_signature: { status: 401, message: 'The signature is too old, or ahead of the clock.' },
  stale_event: { status: 401, message: 'The event is older than this endpoint takes.' },
  invalid_json: { status: 400, message: 'The body is not JSON.' },
  invalid_event: { status: 400, message: 'The body is not an event: it needs id, type, timestamp and data.' },
  unavailable: { status: 503, message: 'The event could not be stored. Send it again.' },
};

/** Seconds until the sender should try again: the first step of Zavu's retry schedule. */
const retryAfterSeconds = '60';

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
  if (bytes.length > receiver.maxEventBytes) return rejected('payload_too_large', 'body');

  try {
    const verdict = await verify(request.headers?.['x-zavu-signature'], bytes, deadline);
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

async function store({ signed, by }: Signed, receiver: Receiver, deadline: number): Promise<Outcome> {
  // TextDecoder drops a byte order mark, which JSON.parse refuses.
  const text = new TextDecoder().decode(signed);
  const json = parseJson(text);
  if (json === undefined) return rejected('invalid_json', 'syntax');
  const parsed = parseEnvelope(json);
  if (!parsed.ok) return rejected('invalid_event', parsed.problems.join(' '));

  const event = parsed.value;
  if (!by.some((secret) => covers(secret, event)))
    return rejected('invalid_signature', 'secret_bound_elsewhere');
  // The signature's own time is not signed by v1 and missing in sha256, so that a captured request stays fresh.
  if (receiver.now() - event.timestamp > receiver.maxEventAgeSeconds * 1000) {
    return rejected('stale_event', 'too_old');
  }
  const body = messageBody(text);
  // Escapes make a message longer than its request. A body of ASCII is as long as its bytes.
  if (body.length > receiver.maxEventBytes) return rejected('payload_too_large', 'escaped_body');

  const canaryWorker = workerOfCanary(event);
  const worker = workerFor(event.type) ?? canaryWorker;
  // Beside the queue, which alone decides the answer. Both are over before it is given: what goes on after it
  // is frozen with the function. What the canary sends is nobody's event.
  const archived = canaryWorker ? undefined : receiver.archive?.(event, text, deadline);
  try {
    await receiver.send(worker ?? 'parking', body, messageGroup(event), deadline);
  } finally {
    await archived;
  }
  return worker ? { outcome: 'queued', event, worker } : { outcome: 'parked', event };
}

function rejected(problem: Problem, reason: string): Refused {
  return { outcome: 'rejected', problem, reason };
}

function answerTo(outcome: Outcome): APIGatewayProxyStructuredResultV2 & { statusCode: number } {
  const headers = { 'content-type': 'application/json' };
  if ('event' in outcome) {
    return { statusCode: 200, headers, body: JSON.stringify({ received: true, id: outcome.event.id }) };
  }
  const { status, message } = answers[outcome.problem];
  return {
    statusCode: status,
    headers: status === 503 ? { ...headers, 'retry-after': retryAfterSeconds } : headers,
    body: JSON.stringify({ error: outcome.problem, message }),
  };
}

/** What is logged of a request. Ids only once the signature has proved whose they are. */
function fieldsOf(outcome: Outcome): LogFields {
  const scheme = outcome.scheme ? { scheme: outcome.scheme } : {};
  if (!('event' in outcome)) {
    return { outcome: outcome.outcome, reason: outcome.problem, detail: outcome.reason, ...scheme };
  }
  const { event, worker } = outcome;
  return {
    outcome: outcome.outcome,
    id: event.id,
    type: event.type,
    ...(event.projectId ? { project: event.projectId } : {}),
    ...(worker ? { worker } : {}),
    ...scheme,
  };
}
