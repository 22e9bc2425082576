import { handlers } from '../../lambda/handlers/table.ts';
import { typesOf, type WorkerName } from '../../lambda/routing/routes.ts';
import { workerOf } from '../../lambda/worker/create-worker.ts';
import { recorded, scripted } from './scripted-handlers.ts';

const name = process.env.WORKER_NAME as WorkerName;

const modules = await Promise.all(
  typesOf(name).map(async (type) => [type, scripted((await handlers[type]()).handler)] as const),
);

/** Every worker of the end-to-end tests: its own handlers, which do as an event's text says besides. */
export const handler = recorded(workerOf(name, modules));
