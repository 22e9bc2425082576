import type { SQSHandler } from 'aws-lambda';
import { type HandlerTable, unrouted } from '../handlers/define-handlers.ts';
import { readEnv } from '../shared/env.ts';
import type { EventType } from '../zavu/catalogue.ts';
import { createWorker } from './create-worker.ts';

/**
 * Starts the worker that the environment names, with the handlers that a table has for it. It loads their modules and
 * none of the others.
 *
 * @returns the function's Lambda handler
 * @throws Error at cold start, naming what is missing
 */
export async function startWorker({ routes, entries }: HandlerTable): Promise<SQSHandler> {
  const { WORKER_NAME } = readEnv(['WORKER_NAME']);
  const modules = await Promise.all(
    routes.typesOf(WORKER_NAME).map(async (type) => {
      const entry = entries[type as EventType];
      return entry === unrouted ? [] : [[type, (await entry.load()).handler]];
    }),
  );
  return createWorker(Object.fromEntries(modules.flat()));
}
