import type { SQSHandler } from 'aws-lambda';
import { clientSettings } from '../aws/client-settings.ts';
import { eventBusVariable } from '../event-bus/env.ts';
import type { Publish } from '../event-bus/publish.ts';
import type { HandlerContext, Handlers } from '../handlers/handler.ts';
import { createHandlerLogger } from '../handlers/logger.ts';
import { createIdempotentStep } from '../idempotency/step.ts';
import { createSubjectClaims } from '../idempotency/subject-claim.ts';
import { readEnv, readInteger, readList } from '../shared/env.ts';
import type { Event } from '../zavu/event.ts';
import { createBatchHandler } from './batch.ts';
import { claimSubjectsVariable, workerEnv } from './env.ts';
import { publishHandlers } from './failed-attempt.ts';
import { messagesTableOf } from './messages-table.ts';
import type { Retry, RetrySettings } from './retry.ts';
import { createRuns } from './runs.ts';
import { createTableClient } from './table-client.ts';

/**
 * Creates a worker's Lambda handler from its handlers. The workers of a table are created so; call it yourself for a
 * worker with an entry of its own (`workers.<name>.entry`), in a package of its own for example.
 *
 * @param handlers one handler per event type that is routed to the worker. An event of any other type is dead-lettered
 * as `no_handler`
 * @throws Error at cold start, naming the environment variables that are missing
 * @example
 * export const handler = createWorker({ 'message.inbound': inbound, 'message.status': story });
 */
export function createWorker(handlers: Handlers): SQSHandler {
  const env = readEnv(workerEnv);
  const store = {
    client: createTableClient(),
    tableName: env.IDEMPOTENCY_TABLE,
    expirySeconds: readInteger(env, 'IDEMPOTENCY_EXPIRY_SECONDS'),
  };
  const busName = process.env[eventBusVariable];
  const retry = retryOnDemand({
    queueUrl: env.QUEUE_URL,
    deadLetterQueueUrl: env.DEAD_LETTER_QUEUE_URL,
    limits: {
      delaysSeconds: readList(env, 'RETRY_DELAYS_SECONDS').map(Number),
      maxReceives: readInteger(env, 'MAX_RECEIVES'),
      maxAgeSeconds: readInteger(env, 'MAX_AGE_SECONDS'),
      maxPauseSeconds: readInteger(env, 'MAX_PAUSE_SECONDS'),
    },
    codeVersion: env.CODE_VERSION,
  });
  publishHandlers(handlers);
  // The compiler has checked that each handler takes its own type's event; here they meet by name.
  const byType = new Map<string, (event: Event, context: HandlerContext) => Promise<void>>(
    Object.entries(handlers as Record<string, (event: Event, context: HandlerContext) => Promise<void>>),
  );
  return createBatchHandler({
    name: env.WORKER_NAME,
    handlerOf(event) {
      const handle = byType.get(event.type);
      return handle && ((context) => handle(event, context));
    },
    steps: {
      handling: createIdempotentStep('handling', store),
      canary: createIdempotentStep('canary', store),
      publication: busName
        ? { ...createIdempotentStep('publication', store), publish: createPublish(busName) }
        : undefined,
    },
    messages: messagesTableOf(store.client),
    subjects: process.env[claimSubjectsVariable] ? createSubjectClaims(store) : undefined,
    runs: createRuns(store),
    retry,
    log: createHandlerLogger(),
  });
}

/** The publisher's code is loaded on demand, so that the cold start of a worker without a bus is not slower. */
function createPublish(busName: string): Publish {
  const loaded = import('../event-bus/publish.ts').then(({ createPublisher }) =>
    createPublisher(busName, clientSettings),
  );
  return async (...entry) => (await loaded)(...entry);
}

/** The client of SQS is loaded with the first message that fails, so that no cold start waits for it. */
function retryOnDemand(settings: RetrySettings): Retry {
  let loaded: Retry | undefined;
  // What cannot be loaded is tried again with the next message.
  const retry = async () => {
    loaded ??= (await import('./retry.ts')).createRetry(settings);
    return loaded;
  };
  return {
    limits: settings.limits,
    backOff: async (...message) => (await retry()).backOff(...message),
    deadLetter: async (...message) => (await retry()).deadLetter(...message),
  };
}
