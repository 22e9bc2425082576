import { signatureHeader } from '../../lambda/zavu/signature.ts';
import type { Deployment } from '../shared/deployment.ts';
import { type Check, check } from './check.ts';

const answerWithinMs = 10_000;

/** Checks that the deployment's URL leads to the receiver: it refuses a request that is not signed. */
export function checkUrl(deployment: Deployment): Promise<Check> {
  const url = deployment.outputs.WebhookUrl ?? '';
  return check('the URL leads to the receiver', async () => {
    const { status, error } = await post(url, '{}');
    if (status === 401 && error === 'missing_signature') {
      return { result: 'ok', detail: `${url} refuses a request without a signature` };
    }
    const detail = `${url} answered ${status} to a request without a signature. 401 missing_signature was expected: something else answers there.`;
    return { result: 'failed', detail };
  });
}

/**
 * Posts a body to a webhook URL.
 *
 * @param signature the header of the signature. @default none
 * @returns the status of the answer, and the code of its error
 */
export async function post(
  url: string,
  body: string,
  signature?: string,
): Promise<{ status: number; error: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'zavu-webhooks-smoke',
      ...(signature ? { [signatureHeader]: signature } : {}),
    },
    body,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  return { status: response.status, error: Object(answer).error };
}
