import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createCanary } from '../../lambda/canary/handler.ts';
import { schemes } from '../../lambda/receiver/signature.ts';
import { parseSecrets, type SigningSecret } from '../../lambda/receiver/signing-secret.ts';
import { type WorkerName, workerNames } from '../../lambda/routes.ts';
import { sign } from '../../lambda/shared/sign.ts';
import { clientSettings } from '../../lambda/worker/clients.ts';
import { createLookup } from '../../lambda/worker/idempotency.ts';
import type { Deployment } from '../deployment.ts';
import { storeOf } from '../secret-store.ts';
import { type Check, check } from './check.ts';

/** How long a worker may take. Its first event may find no execution environment, and a busy queue. */
const withinMs = 60_000;
const answerWithinMs = 10_000;

/** An unsigned request must be refused by the receiver itself: then the URL leads to it. */
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
 * Sends every worker a marked event through the public URL, and waits until the event is recorded as handled. The
 * events are the canary's: no handler sees them.
 */
export async function checkPassages(deployment: Deployment): Promise<Check[]> {
  const { outputs } = deployment;
  const secret = await storeOf(deployment).read();
  const accepted = (outputs.AcceptedSignatures ?? '').split(',');
  const scheme = schemes.findLast((name) => accepted.includes(name)) ?? 'v2';
  const client = new DynamoDBClient({ ...clientSettings, ...deployment.client('dynamodb') });
  // It only looks, so that the expiry of what it writes has no meaning.
  const isHandled = createLookup('canary', {
    client,
    tableName: outputs.IdempotencyTableName ?? '',
    expirySeconds: 1,
  });
  const secrets = async (): Promise<readonly SigningSecret[]> => parseSecrets(secret);
  const pass = async (worker: WorkerName): Promise<Omit<Check, 'name'>> => {
    let seen = '';
    const log = {
      info: (_message: string, { id, ms }: { id?: string; ms?: number } = {}) => {
        seen = `${id}, in ${ms} ms`;
      },
      warn: () => undefined,
      error: () => undefined,
      child: () => log,
    };
    await createCanary({
      workers: [worker],
      secrets,
      post: async (body, key) =>
        (await post(outputs.WebhookUrl ?? '', body, sign(body, key, scheme, Math.floor(Date.now() / 1000))))
          .status,
      isHandled,
      withinMs,
      now: Date.now,
      sleep,
      log,
    })();
    return { result: 'ok', detail: seen };
  };
  try {
    return await Promise.all(
      workerNames.map((worker) => check(`an event goes through the ${worker} worker`, () => pass(worker))),
    );
  } finally {
    client.destroy();
  }
}

/** Posts a body. Gives the answer's status, and the code of its error. */
async function post(
  url: string,
  body: string,
  signature?: string,
): Promise<{ status: number; error: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'zavu-webhooks-smoke',
      ...(signature ? { 'x-zavu-signature': signature } : {}),
    },
    body,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  return { status: response.status, error: Object(answer).error };
}
