import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorFields } from '../shared/log.ts';
import { traceField } from '../shared/trace.ts';
import { type SignaturePolicy, signatureHeader } from '../zavu/signature.ts';
import { type AcceptanceRules, accept } from './accept.ts';
import { answerTo, fieldsOf, type Outcome, rejected } from './outcome.ts';
import type { SigningSecrets } from './secrets.ts';
import { type Storage, store } from './store.ts';
import { createVerifier } from './verifier.ts';

export interface Receiver extends AcceptanceRules, Storage {
  secrets: SigningSecrets;
  policy: SignaturePolicy;
  /** Time for the whole answer, in milliseconds: less than Zavu waits. */
  answerWithinMs: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What the receiver reads of API Gateway's event. Any of it may be missing; without a signature it is a 401. */
export type Request = Partial<
  Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded' | 'requestContext'>
>;

/**
 * Creates the receiver: it verifies a webhook, stores it in its worker's queue and only then answers 200.
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
      // `queued` and `unrouted` are 200.
      status: answer.statusCode === 200 ? undefined : answer.statusCode,
      ms: receiver.now() - startedAt,
      requestId: request.requestContext?.requestId,
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
    const { scheme, signed } = verdict;
    const accepted = accept(verdict, receiver, receiver.now());
    if ('problem' in accepted) return { ...accepted, scheme };
    return { ...(await store(accepted, signed, receiver, deadline)), scheme };
  } catch (error) {
    receiver.log.error('webhook_failed', errorFields(error));
    return {
      outcome: 'unavailable',
      problem: 'unavailable',
      reason: error instanceof Error ? error.name : '',
    };
  }
}
