import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../aws/client-settings.ts';
import { readEnv, readInteger, readList } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { backlogOf } from './backlog.ts';
import { pausesEnv } from './env.ts';
import { parseEventSources } from './event-sources.ts';
import { createKeeper } from './handler.ts';
import { PauseRecords } from './pause-records.ts';
import { isPolling, setPolling, stateOf } from './polling.ts';

const env = readEnv(pausesEnv);
const sources = parseEventSources(env.EVENT_SOURCES);
const urls = readList(env, 'QUEUE_URLS');
const queueUrls = new Map(sources.map(({ worker }, index) => [worker, urls[index] ?? '']));
const records = new PauseRecords(new DynamoDBClient(clientSettings), env.IDEMPOTENCY_TABLE);
const lambda = new LambdaClient(clientSettings);
const sqs = new SQSClient(clientSettings);

export const handler = createKeeper({
  sources,
  retentionSeconds: readInteger(env, 'QUEUE_RETENTION_SECONDS'),
  latest: (worker) => records.latest(worker),
  replace: (worker, found, by) => records.replace(worker, found, by),
  backlog: (worker) => backlogOf(sqs, queueUrls.get(worker) ?? ''),
  isPolling: async (id) => isPolling(await stateOf(lambda, id)),
  setPolling: (id, isOn) => setPolling(lambda, id, isOn),
  now: Date.now,
  log: createLogger(),
});
