import { setTimeout as sleep } from 'node:timers/promises';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { type SenderScheme, sign } from '../../lambda/zavu/sign.ts';
import { signatureHeader } from '../../lambda/zavu/signature.ts';
import { printable } from '../../local/printable.ts';
import { clockSkew } from '../shared/clock-skew.ts';
import { errorText } from '../shared/error-text.ts';

/** Where and how an event is posted. */
interface PostOptions {
  url: string;
  secret: string;
  scheme: SenderScheme;
  tamper: boolean;
  stale: boolean;
}

/** Prints what became of a post: for a script, and as a line for a person. */
type Print = (answer: object, line: string) => void;

/** Posts an event until it is taken or the waits are used up. Every attempt is signed anew. */
export async function deliver(
  body: string,
  options: PostOptions,
  waitsMs: readonly number[],
  print: Print,
): Promise<boolean> {
  for (const waitMs of waitsMs) {
    if (await post(body, options, print)) return true;
    print({ nextAttemptInMs: waitMs }, `next attempt in ${waitMs / 1000} s`);
    await sleep(waitMs);
  }
  return post(body, options, print);
}

async function post(
  body: string,
  { url, secret, scheme, tamper, stale }: PostOptions,
  print: Print,
): Promise<boolean> {
  const startedAt = performance.now();
  const timestamp = Math.floor(Date.now() / 1000) - (stale ? 3600 : 0);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Zavu-Webhook/1.0',
        [signatureHeader]: sign(body, secret, scheme, timestamp),
      },
      body: tamper ? body.replace(/\}\s*$/, ',"tampered":true}') : body,
      signal: AbortSignal.timeout(zavuWaitsMs),
    });
    const text = await response.text();
    const ms = Math.round(performance.now() - startedAt);
    print({ status: response.status, ms, body: text }, `${response.status} in ${ms} ms  ${printable(text)}`);
    const skew = response.status === 401 ? clockSkew(Date.now(), response.headers.get('date')) : undefined;
    if (skew) console.error(skew);
    return response.ok;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = errorText(cause);
    print({ error: why }, `no answer from ${url}: ${why}. Is \`npx zavu-webhooks start\` running?`);
    return false;
  }
}
