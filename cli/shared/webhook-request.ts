import { signatureHeader } from '../../lambda/zavu/signature.ts';
import { errorText } from './error-text.ts';

const answerWithinMs = 10_000;

/**
 * Asks a URL whether the receiver answers there: it refuses a request that is not signed.
 *
 * @returns what is wrong, in a sentence; undefined if the receiver answers
 */
export async function problemOfUrl(url: string): Promise<string | undefined> {
  let answer: Awaited<ReturnType<typeof post>>;
  try {
    answer = await post(url, '{}');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `${url} does not answer: ${errorText(cause)}.`;
  }
  const { status, error } = answer;
  if (status === 401 && error === 'missing_signature') return undefined;
  return (
    `${url} answered ${status} to a request without a signature. 401 missing_signature was expected: something else ` +
    'answers there.'
  );
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
      'user-agent': 'zavu-webhooks-check',
      ...(signature ? { [signatureHeader]: signature } : {}),
    },
    body,
    signal: AbortSignal.timeout(answerWithinMs),
    // Zavu is not known to follow one, and a webhook behind one is registered wrongly.
    redirect: 'manual',
  });
  const answer: unknown = await response.json().catch(() => undefined);
  return { status: response.status, error: Object(answer).error };
}
