import { createWorker } from '../../lambda/worker/create-worker.ts';
import { modulesOf } from '../support/handler-modules.ts';
import { recorded, scripted } from './scripted-handlers.ts';

const { WORKER_NAME = '' } = process.env;

const modules = Object.entries(await modulesOf(WORKER_NAME)).map(
  ([type, handle]) => [type, scripted(handle)] as const,
);

/** Every worker of the end-to-end tests: the tests' own handlers, which do as an event's text says besides. */
export const handler = recorded(createWorker(Object.fromEntries(modules)));
