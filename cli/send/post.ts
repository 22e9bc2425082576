import { setTimeout as sleep } from 'node:timers/promises';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { type SenderScheme, sign } from '../../lambda/zavu/sign.ts';
import { signatureHeader } from '../../lambda/zavu/signature.ts';
import { printable } from '../../local/printable.ts';
import { errorText } from '../shared/error-text.ts';

/** Where and how an event is posted. */
interface PostOptions {
  url: string;
  secret: string;
  scheme: SenderScheme;
  tamper: boolean;
  stale: boolean;
}

/** Posts an event until it is taken or the waits are used up. Every attempt is signed anew. */
export async function deliver(
  body: string,
  options: PostOptions,
  waitsMs: readonly number[],
): Promise<boolean> {
  for (const waitMs of waitsMs) {
    if (await post(body, options)) return true;
    console.log(`next attempt in ${waitMs / 1000} s`);
    await sleep(waitMs);
  }
  return post(body, options);
}

async function post(body: string, { url, secret, scheme, tamper, stale }: PostOptions): Promise<boolean> {
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
    console.log(`${response.status} in ${Math.round(performance.now() - startedAt)} ms  ${printable(text)}`);
    return response.ok;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    console.log(`no answer from ${url}: ${errorText(cause)}. Is \`npx zavu-webhooks start\` running?`);
    return false;
  }
}
