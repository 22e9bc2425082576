import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createCanary } from '../../lambda/canary/handler.ts';
import { createLookup } from '../../lambda/idempotency/lookup.ts';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import { type WorkerName, workerNames } from '../../lambda/routing/routes.ts';
import { clientSettings } from '../../lambda/shared/client-settings.ts';
import { sign } from '../../lambda/zavu/sign.ts';
import { schemes, signatureHeader } from '../../lambda/zavu/signature.ts';
import { parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { storeOf } from '../secrets/store.ts';
import type { Deployment } from '../shared/deployment.ts';
import { createSqs } from '../shared/worker-queues.ts';
import { type Check, check } from './check.ts';
import { Detour } from './detour.ts';

/** How long a worker may take. Its first event may find no execution environment, and a busy queue. */
const withinMs = 60_000;
const answerWithinMs = 10_000;
/** After that the unrouted queue is looked through: a worker to which the receiver sends it takes less, if it is warm. */
const directWithinMs = 2_000;

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
 * events are the canary's: no handler sees them. Where the stack has no canary, they come into the unrouted queue, and
 * are sent on from there.
 *
 * @param signal gives up, and leaves nothing behind in the unrouted queue either
 */
export async function checkPassages(deployment: Deployment, signal: AbortSignal): Promise<Check[]> {
  const { outputs } = deployment;
  const secret = await storeOf(deployment).read();
  const accepted = (outputs.AcceptedSignatures ?? '').split(',');
  const scheme = schemes.findLast((name) => accepted.includes(name)) ?? 'v2';
  const dynamoDb = new DynamoDBClient({ ...clientSettings, ...deployment.client('dynamodb') });
  const sqs = createSqs(deployment);
  const detour = new Detour(sqs, outputs, signal);
  // It only looks, so that the expiry of what it writes has no meaning.
  const memory = { client: dynamoDb, tableName: outputs.IdempotencyTableName ?? '', expirySeconds: 1 };
  const isRecorded = createLookup('canary', memory);
  const secrets = async (): Promise<readonly SigningSecret[]> => parseSecrets(secret);
  const pass = async (worker: WorkerName): Promise<Omit<Check, 'name'>> => {
    signal.throwIfAborted();
    let seen = '';
    let sentAt = Date.now();
    const log = {
      info: (_message: string, { id = '', ms }: { id?: string; ms?: number } = {}) => {
        seen = `${id}, in ${ms} ms${detour.took(id) ? ', by way of the unrouted queue' : ''}`;
      },
      warn: () => undefined,
      error: () => undefined,
      child: () => log,
    };
    await createCanary({
      workers: [worker],
      secrets,
      async post(body, key) {
        const { id }: { id: string } = JSON.parse(body);
        // Before it is sent: whatever becomes of the answer, the event may be there.
        detour.expect(id, worker);
        const signature = sign(body, key, scheme, Math.floor(Date.now() / 1000));
        const { status } = await post(outputs.WebhookUrl ?? '', body, signature);
        if (status >= 400 && status < 500) detour.settled(id);
        sentAt = Date.now();
        return status;
      },
      async isHandled(id) {
        if (await isRecorded(id)) {
          detour.settled(id);
          return true;
        }
        if (Date.now() - sentAt > directWithinMs) await detour.sendOn();
        return false;
      },
      withinMs,
      now: Date.now,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      log,
    })();
    return { result: 'ok', detail: seen };
  };
  try {
    const passages = await Promise.all(
      workerNames.map((worker) => check(`an event goes through the ${worker} worker`, () => pass(worker))),
    );
    return [...passages, await checkRest(detour)];
  } finally {
    dynamoDb.destroy();
    sqs.destroy();
  }
}

const takeAway = `Look with npm run unrouted -- list --type ${canaryType}, and delete them with npm run unrouted -- discard --type ${canaryType}.`;

/** Takes what did not come through out of the unrouted queue, and tells of what may still be there. */
function checkRest(detour: Detour): Promise<Check> {
  return check('nothing stays in the unrouted queue', async () => {
    const missing = await detour.clear().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${why} Events of these checks may be left there. ${takeAway}`, { cause: error });
    });
    if (missing.length === 0) return { result: 'ok', detail: 'no event of these checks is there' };
    const detail = `Not found there: ${missing.join(', ')}. They may be with their worker, or come later. ${takeAway}`;
    return { result: 'unproven', detail };
  });
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
      ...(signature ? { [signatureHeader]: signature } : {}),
    },
    body,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  return { status: response.status, error: Object(answer).error };
}
