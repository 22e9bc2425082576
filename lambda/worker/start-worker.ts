import type { SQSHandler } from 'aws-lambda';
import type { HandlerTable } from '../handlers/define-handlers.ts';
import { readEnv } from '../shared/env.ts';
import { createWorker } from './create-worker.ts';
import { loadHandlers } from './load-handlers.ts';

/**
 * Starts the worker that the environment names, with the handlers that a table has for it.
 *
 * @returns the function's Lambda handler
 * @throws Error at cold start, naming what is missing
 */
export async function startWorker(table: HandlerTable): Promise<SQSHandler> {
  const { WORKER_NAME } = readEnv(['WORKER_NAME']);
  return createWorker(await loadHandlers(table, WORKER_NAME));
}
