import { defaults, defineHandlers } from 'zavu-webhooks/handlers';

export const handlers = defineHandlers(import.meta.url, {
  ...defaults,
  'message.inbound': { worker: 'inbound', load: () => import('./handlers/message-inbound.ts') },
});
