import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../aws/client-settings.ts';
import { createLookup } from '../idempotency/lookup.ts';
import { PauseRecords } from '../pauses/pause-records.ts';
import { readEnv, readInteger, readList } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { sign } from '../zavu/sign.ts';
import { schemes, signatureHeader } from '../zavu/signature.ts';
import { parseSecrets } from '../zavu/signing-secret.ts';
import { canaryEnv } from './env.ts';
import { createCanary } from './handler.ts';

const env = readEnv(canaryEnv);
const accepted = readList(env, 'ACCEPTED_SIGNATURES');
const scheme = schemes.findLast((name) => accepted.includes(name)) ?? 'v2';
const secretsManager = new SecretsManagerClient(clientSettings);
const dynamoDb = new DynamoDBClient(clientSettings);
const pauses = new PauseRecords(dynamoDb, env.IDEMPOTENCY_TABLE);
/** Longer than the receiver takes, so that its own answer arrives. */
const answerWithinMs = 10_000;

export const handler = createCanary({
  workers: readList(env, 'WORKERS'),
  isPaused: async (worker) => (await pauses.find(worker)) !== undefined,
  async secrets() {
    const get = new GetSecretValueCommand({ SecretId: env.SIGNING_SECRET_ID });
    const { SecretString = '' } = await secretsManager.send(get);
    return parseSecrets(SecretString);
  },
  async post(body, secret) {
    const { status } = await fetch(env.WEBHOOK_URL, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'zavu-webhooks-canary',
        [signatureHeader]: sign(body, secret, scheme, Math.floor(Date.now() / 1000)),
      },
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return status;
  },
  isHandled: createLookup('canary', {
    client: dynamoDb,
    tableName: env.IDEMPOTENCY_TABLE,
    expirySeconds: readInteger(env, 'IDEMPOTENCY_EXPIRY_SECONDS'),
  }),
  withinMs: readInteger(env, 'HANDLED_WITHIN_SECONDS') * 1000,
  now: Date.now,
  sleep,
  log: createLogger(),
});
