import { defaults, defineHandlers } from 'zavu-webhooks/handlers';

/** Which worker handles which event type, and by which module. */
export const handlers = defineHandlers(import.meta.url, {
  ...defaults,
  'message.inbound': { worker: 'inbound', load: () => import('./handlers/message-inbound.ts') },
});
