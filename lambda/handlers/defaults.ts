import type { EventType } from '../zavu/catalogue.ts';
import type { Route } from './define-handlers.ts';

type DefaultWorker = 'inbound' | 'delivery' | 'templates' | 'account';

/**
 * The handlers that come with the package, for every event type: they log what the worker's own line does not say.
 * Spread them into your own table, and put your own handlers after them.
 */
export const defaults = {
  'message.inbound': { worker: 'inbound', load: () => import('./default/message-inbound.ts') },
  'message.unsupported': { worker: 'inbound', load: () => import('./default/message-unsupported.ts') },
  'message.status': { worker: 'inbound', load: () => import('./default/already-logged.ts') },
  'conversation.new': { worker: 'inbound', load: () => import('./default/conversation-new.ts') },

  'message.queued': { worker: 'delivery', load: () => import('./default/already-logged.ts') },
  'message.sent': { worker: 'delivery', load: () => import('./default/already-logged.ts') },
  'message.delivered': { worker: 'delivery', load: () => import('./default/already-logged.ts') },
  'message.read': { worker: 'delivery', load: () => import('./default/already-logged.ts') },
  'message.failed': { worker: 'delivery', load: () => import('./default/message-failed.ts') },

  'template.approved': { worker: 'templates', load: () => import('./default/template-approved.ts') },
  'template.rejected': { worker: 'templates', load: () => import('./default/template-rejected.ts') },
  'template.status_changed': {
    worker: 'templates',
    load: () => import('./default/template-status-changed.ts'),
  },

  'broadcast.status_changed': {
    worker: 'account',
    load: () => import('./default/broadcast-status-changed.ts'),
  },
  'invitation.status_changed': {
    worker: 'account',
    load: () => import('./default/invitation-status-changed.ts'),
  },
  'call.initiated': { worker: 'account', load: () => import('./default/call.ts') },
  'call.answered': { worker: 'account', load: () => import('./default/call.ts') },
  'call.completed': { worker: 'account', load: () => import('./default/call.ts') },
  'call.failed': { worker: 'account', load: () => import('./default/call.ts') },
  'domain.verified': { worker: 'account', load: () => import('./default/domain.ts') },
  'domain.failed': { worker: 'account', load: () => import('./default/domain.ts') },
} as const satisfies { readonly [Type in EventType]: Route<Type, DefaultWorker> };
