import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { clientSettings } from '../aws/client-settings.ts';
import { createKnownItems } from '../messages/known-items.ts';
import { queueUrlVariable } from '../receiver/env.ts';
import { Routes } from '../routing/routes.ts';
import { readEnv, readInteger, readList } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { createZavuProject } from './api/zavu-project.ts';
import { parseApiKeys } from './api-keys.ts';
import { reconcileEnv } from './env.ts';
import { createReconcile } from './handler.ts';
import { createProgress } from './progress.ts';
import { QueueFeed } from './queue-feed.ts';
import { checkRegistrations } from './registration.ts';

const env = readEnv(reconcileEnv);
const routes = Routes.parse(env.ROUTES);
const urls = readEnv(routes.workers.map(queueUrlVariable));
const log = createLogger();
const now = Date.now;
const dynamoDb = new DynamoDBClient(clientSettings);
const secretsManager = new SecretsManagerClient(clientSettings);
const table = { client: dynamoDb, tableName: env.MESSAGES_TABLE };
const progress = createProgress(table);
const known = createKnownItems(table);
const feed = new QueueFeed(new SQSClient(clientSettings), (worker) => urls[queueUrlVariable(worker)] ?? '');
/** What a run needs to save its progress and to log its report. */
const lastMs = 45_000;

export async function handler(
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> {
  const endsAt = now() + context.getRemainingTimeInMillis() - lastMs;
  const signal = AbortSignal.timeout(Math.max(endsAt - now() + lastMs / 2, 0));
  const run = createReconcile({
    async apiKeys() {
      const get = new GetSecretValueCommand({ SecretId: env.API_KEY_SECRET_ID });
      const { SecretString = '' } = await secretsManager.send(get);
      return parseApiKeys(SecretString);
    },
    reconcilerOf: (apiKey) => ({
      project: createZavuProject({
        apiKey,
        baseUrl: env.ZAVU_API_URL,
        requestsPerMinute: readInteger(env, 'REQUESTS_PER_MINUTE'),
        signal,
      }),
      known,
      progress,
      feed,
      routes,
      log,
      holder: randomUUID(),
      now,
      isOver: () => now() > endsAt,
      signal,
    }),
    checkRegistrations: (reconciler) =>
      checkRegistrations(reconciler, {
        url: env.REGISTERED_URL,
        accepted: readList(env, 'ACCEPTED_SIGNATURES'),
      }),
    now,
    log,
  });
  await run();
}
