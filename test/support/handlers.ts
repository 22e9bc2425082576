import { defineHandlers } from '../../lambda/handlers/define-handlers.ts';

/**
 * The tests' own table: it has every event type, and no test of the pipeline depends on what the handlers of an app do.
 * Each worker has one module.
 */
export const handlers = defineHandlers(import.meta.url, {
  'message.inbound': { worker: 'inbound', load: () => import('./handlers/inbound.ts') },
  'message.unsupported': { worker: 'inbound', load: () => import('./handlers/inbound.ts') },
  'message.status': { worker: 'inbound', load: () => import('./handlers/inbound.ts') },
  'conversation.new': { worker: 'inbound', load: () => import('./handlers/inbound.ts') },

  'message.queued': { worker: 'delivery', load: () => import('./handlers/delivery.ts') },
  'message.sent': { worker: 'delivery', load: () => import('./handlers/delivery.ts') },
  'message.delivered': { worker: 'delivery', load: () => import('./handlers/delivery.ts') },
  'message.read': { worker: 'delivery', load: () => import('./handlers/delivery.ts') },
  'message.failed': { worker: 'delivery', load: () => import('./handlers/delivery.ts') },

  'template.approved': { worker: 'templates', load: () => import('./handlers/templates.ts') },
  'template.rejected': { worker: 'templates', load: () => import('./handlers/templates.ts') },
  'template.status_changed': { worker: 'templates', load: () => import('./handlers/templates.ts') },

  'broadcast.status_changed': { worker: 'account', load: () => import('./handlers/account.ts') },
  'invitation.status_changed': { worker: 'account', load: () => import('./handlers/account.ts') },
  'call.initiated': { worker: 'account', load: () => import('./handlers/account.ts') },
  'call.answered': { worker: 'account', load: () => import('./handlers/account.ts') },
  'call.completed': { worker: 'account', load: () => import('./handlers/account.ts') },
  'call.failed': { worker: 'account', load: () => import('./handlers/account.ts') },
  'domain.verified': { worker: 'account', load: () => import('./handlers/account.ts') },
  'domain.failed': { worker: 'account', load: () => import('./handlers/account.ts') },
});

export const { routes, workers: workerNames } = handlers;

export type WorkerName = (typeof workerNames)[number];
