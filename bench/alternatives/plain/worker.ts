import { appendFileSync } from 'node:fs';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * The worker as it is written in a morning: Powertools' batch processor around an idempotent record handler. Powertools'
 * sample takes SQS's own message id as the key, by which an event that Zavu sends again is a new one. This takes the
 * event's.
 */
const { IDEMPOTENCY_TABLE = '', LEDGER } = process.env;
const logger = new Logger({ serviceName: 'worker' });
const processor = new BatchProcessor(EventType.SQS);
const config = new IdempotencyConfig({ eventKeyJmesPath: 'powertools_json(body).id' });
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE });

/** What the stack's handlers do in the same benchmark: a line in a file, and one in the log. */
async function handleRecord({ body }: SQSRecord): Promise<void> {
  const { id, type } = JSON.parse(body);
  if (LEDGER) appendFileSync(LEDGER, `${JSON.stringify({ id })}\n`);
  logger.info('handled', { id, type });
}

const handleOnce = makeIdempotent(handleRecord, { persistenceStore, config });

export async function handler(event: SQSEvent, context: Context) {
  config.registerLambdaContext(context);
  return processPartialResponse(event, handleOnce, processor, { context });
}
