import { firehoseArchive } from '../archive/firehose.ts';
import { createService } from '../aws/service.ts';
import { textAttributes } from '../queued-event/attributes.ts';
import { Routes } from '../routing/routes.ts';
import { readEnv, readInteger, readLimit, readList } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { schemes } from '../zavu/signature.ts';
import { callTryMs, canaryVariable, queueUrlVariable, type ReceiverVariable, receiverEnv } from './env.ts';
import { createHandler } from './handler.ts';
import { createRecentIds } from './recent-ids.ts';
import { cacheSecrets } from './secrets.ts';

const { ROUTES } = readEnv(['ROUTES']);
const routes = Routes.parse(ROUTES);
const env = readEnv<ReceiverVariable>([...receiverEnv, ...routes.workers.map(queueUrlVariable)]);
const log = createLogger();
const now = Date.now;

// Two quick tries within the answer's time. After that, Zavu's own retry is better.
const common = { domain: env.SERVICE_DOMAIN, tryMs: callTryMs };
const sqs = createService({ name: 'sqs', target: 'AmazonSQS', json: '1.0', ...common });
const secretsManager = createService({
  name: 'secretsmanager',
  target: 'secretsmanager',
  json: '1.1',
  ...common,
});

const queueUrls = new Map(
  [...routes.workers, 'unrouted'].map((worker) => [worker, env[queueUrlVariable(worker)]]),
);

const secrets = cacheSecrets({
  async fetch(deadline) {
    const input = { SecretId: env.SIGNING_SECRET_ID };
    const { SecretString } = await secretsManager('GetSecretValue', input, deadline);
    return String(SecretString ?? '');
  },
  now,
  log,
});
// A start has a whole processor and a request a third of one, so what the first request would wait for is cheaper here.
// If it fails, the first request tries again (docs/decisions/0020).
await secrets.current(now() + 500).catch(() => undefined);

export const handler = createHandler({
  secrets,
  policy: {
    accepted: schemes.filter((scheme) => readList(env, 'ACCEPTED_SIGNATURES').includes(scheme)),
    toleranceSeconds: readInteger(env, 'TOLERANCE_SECONDS'),
    futureToleranceSeconds: readInteger(env, 'FUTURE_TOLERANCE_SECONDS'),
  },
  routes,
  maxEventAgeSeconds: readLimit(env, 'MAX_EVENT_AGE_SECONDS'),
  maxEventBytes: readInteger(env, 'MAX_EVENT_BYTES'),
  answerWithinMs: readInteger(env, 'ANSWER_WITHIN_MS'),
  send(to, { body, group, attributes }, deadline) {
    const MessageAttributes = textAttributes(attributes);
    const input = {
      QueueUrl: queueUrls.get(to),
      MessageBody: body,
      MessageGroupId: group,
      MessageAttributes,
    };
    return sqs('SendMessage', input, deadline);
  },
  recentIds: createRecentIds(),
  archive: process.env.ARCHIVE_STREAM ? firehoseArchive(env.SERVICE_DOMAIN, log) : undefined,
  hasCanary: Boolean(process.env[canaryVariable]),
  now,
  log,
});
