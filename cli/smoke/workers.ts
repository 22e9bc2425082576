import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../lambda/aws/client-settings.ts';
import { createCanary } from '../../lambda/canary/handler.ts';
import { createLookup } from '../../lambda/idempotency/lookup.ts';
import { canaryType } from '../../lambda/routing/canary-event.ts';
import type { Logger } from '../../lambda/shared/log.ts';
import { sign } from '../../lambda/zavu/sign.ts';
import { schemes } from '../../lambda/zavu/signature.ts';
import { parseSecrets, type SigningSecret } from '../../lambda/zavu/signing-secret.ts';
import { createSecretStore } from '../secrets/store.ts';
import type { Deployment } from '../shared/deployment.ts';
import { errorText } from '../shared/error-text.ts';
import { routesOf } from '../shared/routes.ts';
import { post } from '../shared/webhook-request.ts';
import { pauseNote, WorkerPauses } from '../shared/worker-pauses.ts';
import { DeployedQueues } from '../shared/worker-queues.ts';
import { type Check, check } from './check.ts';
import { UnroutedPath } from './unrouted-path.ts';

/** How long a worker may take. Its first event may have to wait for an execution environment, and for a busy queue. */
const withinMs = 60_000;
/**
 * After that an event is looked for in the unrouted queue. If the receiver sends it to its worker directly, a warm worker
 * takes less.
 */
const directWithinMs = 2_000;

/**
 * Sends every worker a marked event through the public URL, and waits until the event is recorded as handled. The events
 * are the canary's: no handler sees them. If the stack has no canary, they come into the unrouted queue, and are
 * forwarded from there.
 *
 * @param signal ends the checks. Nothing is left in the unrouted queue then, either
 */
export async function checkWorkers(deployment: Deployment, signal: AbortSignal): Promise<Check[]> {
  const { outputs } = deployment;
  const routes = routesOf(deployment);
  const secretText = await createSecretStore(deployment).read();
  const accepted = (outputs.AcceptedSignatures ?? '').split(',');
  const scheme = schemes.findLast((name) => accepted.includes(name)) ?? 'v2';
  const dynamoDb = new DynamoDBClient({ ...clientSettings, ...deployment.client('dynamodb') });
  const queues = new DeployedQueues(deployment);
  const pauses = new WorkerPauses(deployment);
  const unroutedPath = new UnroutedPath(queues, signal);
  // The lookup writes nothing, so the expiry of new records does not matter.
  const records = { client: dynamoDb, tableName: outputs.IdempotencyTableName ?? '', expirySeconds: 1 };
  const isRecorded = createLookup('canary', records);
  const secrets = async (): Promise<readonly SigningSecret[]> => parseSecrets(secretText);
  const sendThrough = async (worker: string): Promise<Omit<Check, 'name'>> => {
    signal.throwIfAborted();
    const note = await pauseNote(pauses, worker);
    if (note) return { result: 'unproven', detail: note };
    let detail = '';
    let sentAt = Date.now();
    const log: Logger = {
      info: (_message, { id, ms } = {}) => {
        detail = `${id}, in ${ms} ms${unroutedPath.hasForwarded(id ?? '') ? ', by way of the unrouted queue' : ''}`;
      },
      warn: () => undefined,
      error: () => undefined,
      child: () => log,
    };
    await createCanary({
      workers: [worker],
      isPaused: async () => false,
      secrets,
      async post(body, key) {
        const { id }: { id: string } = JSON.parse(body);
        // Before it is sent: the event may be in the queue whatever the answer is.
        unroutedPath.expect(id, worker);
        const signature = sign(body, key, scheme, Math.floor(Date.now() / 1000));
        const { status } = await post(outputs.WebhookUrl ?? '', body, signature);
        if (status >= 400 && status < 500) unroutedPath.forget(id);
        sentAt = Date.now();
        return status;
      },
      async isHandled(id) {
        if (await isRecorded(id)) {
          unroutedPath.forget(id);
          return true;
        }
        if (Date.now() - sentAt > directWithinMs) await unroutedPath.forward();
        return false;
      },
      withinMs,
      now: Date.now,
      sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }),
      log,
    })();
    return { result: 'ok', detail };
  };
  try {
    const checks = await Promise.all(
      routes.receivingWorkers.map((worker) =>
        check(`an event goes through the ${worker} worker`, () => sendThrough(worker)),
      ),
    );
    return [...checks, await checkUnroutedQueue(unroutedPath)];
  } finally {
    dynamoDb.destroy();
    queues.close();
    pauses.close();
  }
}

const discardHint = `Look with npx zavu-webhooks unrouted list --type ${canaryType}, and delete them with npx zavu-webhooks unrouted discard --type ${canaryType}.`;

/** Deletes the events of these checks that are left in the unrouted queue, and says which may still be there. */
function checkUnroutedQueue(unroutedPath: UnroutedPath): Promise<Check> {
  return check('nothing stays in the unrouted queue', async () => {
    const missing = await unroutedPath.deleteLeft().catch((error: unknown) => {
      throw new Error(`${errorText(error)} Events of these checks may be left there. ${discardHint}`, {
        cause: error,
      });
    });
    if (missing.length === 0) return { result: 'ok', detail: 'no event of these checks is there' };
    const detail = `Not found there: ${missing.join(', ')}. They may be with their worker, or come later. ${discardHint}`;
    return { result: 'unproven', detail };
  });
}
