import { defaults, defineHandlers } from './handlers/index.ts';

/** Which worker handles which event type, and by which module. */
export const handlers = defineHandlers(import.meta.url, {
  ...defaults,
  'message.inbound': { worker: 'inbound', load: () => import('./handlers/message-inbound.ts') },
});
