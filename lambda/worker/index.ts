import { handlers } from '../handlers/table.ts';
import { typesOf, workerNames } from '../routing/routes.ts';
import { readEnv } from '../shared/env.ts';
import { workerOf } from './create-worker.ts';

const { WORKER_NAME } = readEnv(['WORKER_NAME']);
const name = workerNames.find((known) => known === WORKER_NAME);
if (!name)
  throw new Error(`WORKER_NAME is ${WORKER_NAME}, which no route in lambda/routing/routes.ts names.`);

const modules = await Promise.all(
  typesOf(name).map(async (type) => [type, (await handlers[type]()).handler] as const),
);

/** The entry of every worker: it handles the types that are routed to the worker that its environment names. */
export const handler = workerOf(name, modules);
