import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { workerNames } from '../routes.ts';
import { integer, limit, list, readEnv } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { queueUrlOf, type ReceiverVariable, receiverEnv } from './env.ts';
import { createHandler } from './handler.ts';
import { cacheSecrets } from './secrets.ts';
import { schemes } from './signature.ts';

const env = readEnv<ReceiverVariable>([...receiverEnv, ...workerNames.map(queueUrlOf)]);
const log = createLogger();
const now = Date.now;

// Two quick tries inside the answer's time; past it, Zavu's own retry is the better one. Without
// `throwOnRequestTimeout` the SDK only warns about a request that hangs.
const client = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1500, throwOnRequestTimeout: true },
};
const sqs = new SQSClient(client);
const secretsManager = new SecretsManagerClient(client);

// Its client is loaded where it is switched on only: the others start as fast as without.
const archive = process.env.ARCHIVE_STREAM
  ? (await import('../archive/firehose.ts')).firehoseArchive(log)
  : undefined;

export const handler = createHandler({
  secrets: cacheSecrets({
    async fetch(signal) {
      const get = new GetSecretValueCommand({ SecretId: env.SIGNING_SECRET_ID });
      const { SecretString } = await secretsManager.send(get, { abortSignal: signal });
      return SecretString ?? '';
    },
    now,
    log,
  }),
  policy: {
    accepted: schemes.filter((scheme) => list(env, 'ACCEPTED_SIGNATURES').includes(scheme)),
    toleranceSeconds: integer(env, 'TOLERANCE_SECONDS'),
    futureToleranceSeconds: integer(env, 'FUTURE_TOLERANCE_SECONDS'),
  },
  maxEventAgeSeconds: limit(env, 'MAX_EVENT_AGE_SECONDS'),
  maxEventBytes: integer(env, 'MAX_EVENT_BYTES'),
  answerWithinMs: integer(env, 'ANSWER_WITHIN_MS'),
  async send(to, body, group, signal) {
    const url = to === 'parking' ? env.PARKING_QUEUE_URL : env[queueUrlOf(to)];
    const message = new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: group });
    await sqs.send(message, { abortSignal: signal });
  },
  archive,
  now,
  log,
});
