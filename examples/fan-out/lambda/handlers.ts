import { defaults, defineHandlers } from 'zavu-webhooks/handlers';

/** The handlers that come with the package: they log each event, and the worker publishes it. */
export const handlers = defineHandlers(import.meta.url, defaults);
