import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { UnroutedReason } from '../queued-event/queue-message.ts';
import type { LogFields } from '../shared/log.ts';
import { firstRetrySeconds } from '../zavu/delivery.ts';
import type { Envelope } from '../zavu/envelope.ts';
import type { SignatureProblem } from '../zavu/signature.ts';

/** Why a request is not taken, as its answer says it. */
type Problem = SignatureProblem | 'stale_event' | 'payload_too_large' | 'unavailable';

/** What says which event was taken, and whose it is. */
export type EventIdentity = Pick<Envelope, 'id' | 'type' | 'projectId' | 'senderId'>;

/** Where an event goes: to its worker, or for a reason to the unrouted queue. */
export type QueueDestination = { worker: string; isCanary?: boolean } | { reason: UnroutedReason };

export type Accepted = { outcome: 'queued' | 'unrouted'; event: EventIdentity } & QueueDestination;

/** `reason` says more than the problem, in a word of a fixed set, which is safe to log. */
export type Refused = { outcome: 'rejected' | 'unavailable'; problem: Problem; reason: string };

/** What became of a request. */
export type Outcome = (Accepted | Refused) & { scheme?: string };

/** What each problem is answered. Zavu retries all of them. Only the last one is a failure of this stack. */
const answers: Record<Problem, { status: number; message: string }> = {
  payload_too_large: { status: 413, message: 'The event is larger than a queue takes, even compressed.' },
  missing_signature: { status: 401, message: 'The X-Zavu-Signature header is missing.' },
  malformed_signature: {
    status: 401,
    message: 'The X-Zavu-Signature header must be sha256=<hex> or t=<unix seconds>,v1=<hex>,v2=<hex>.',
  },
  tool_call_signature: { status: 401, message: 'This is an agent tool call. This endpoint takes webhooks.' },
  invalid_signature: { status: 401, message: 'The signature matches no signing secret of this endpoint.' },
  stale_signature: { status: 401, message: 'The signature is too old, or ahead of the clock.' },
  stale_event: { status: 401, message: 'The event is older than this endpoint takes.' },
  unavailable: { status: 503, message: 'The event could not be verified or stored. Send it again.' },
};

/** The outcome of a request that is refused for what it is; `reason` as in {@link Refused}. */
export function rejected(problem: Problem, reason: string): Refused {
  return { outcome: 'rejected', problem, reason };
}

/** The answer to a request. */
export function answerTo(outcome: Outcome): APIGatewayProxyStructuredResultV2 & { statusCode: number } {
  const headers = { 'content-type': 'application/json' };
  if ('event' in outcome) {
    return { statusCode: 200, headers, body: JSON.stringify({ received: true, id: outcome.event.id }) };
  }
  const { status, message } = answers[outcome.problem];
  return {
    statusCode: status,
    headers: status === 503 ? { ...headers, 'retry-after': String(firstRetrySeconds) } : headers,
    body: JSON.stringify({ error: outcome.problem, message }),
  };
}

/** What is logged of a request. Ids are logged only if the signature has proved whose they are. */
export function fieldsOf(outcome: Outcome): LogFields {
  const { scheme } = outcome;
  if (!('event' in outcome)) {
    return { outcome: outcome.outcome, reason: outcome.problem, detail: outcome.reason, scheme };
  }
  const { id, type, projectId: project } = outcome.event;
  return {
    outcome: outcome.outcome,
    reason: 'worker' in outcome ? undefined : outcome.reason,
    id,
    type,
    project,
    worker: 'worker' in outcome ? outcome.worker : undefined,
    scheme,
  };
}
