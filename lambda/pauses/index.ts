import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '../shared/client-settings.ts';
import { readEnv } from '../shared/env.ts';
import { createLogger } from '../shared/log.ts';
import { pausesEnv } from './env.ts';
import { parseEventSources } from './event-sources.ts';
import { createKeeper } from './handler.ts';
import { PauseRecords } from './pause-records.ts';
import { isPolling, setPolling, stateOf } from './polling.ts';

const env = readEnv(pausesEnv);
const records = new PauseRecords(new DynamoDBClient(clientSettings), env.IDEMPOTENCY_TABLE);
const lambda = new LambdaClient(clientSettings);

export const handler = createKeeper({
  sources: parseEventSources(env.EVENT_SOURCES),
  find: (worker) => records.find(worker),
  remove: (worker, pause) => records.removeOver(worker, pause),
  isPolling: async (id) => isPolling(await stateOf(lambda, id)),
  setPolling: (id, isOn) => setPolling(lambda, id, isOn),
  now: Date.now,
  log: createLogger(),
});
