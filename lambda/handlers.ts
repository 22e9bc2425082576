import type { RoutedType } from './routes.ts';
import type { Handler } from './worker/handler.ts';

/**
 * The handler module of every routed event type. One that is missing, or takes another type's event, does not
 * compile. A worker loads the modules of its own types, and none of the others.
 */
export const handlers: { readonly [T in RoutedType]: () => Promise<{ handler: Handler<T> }> } = {
  'message.inbound': () => import('./handlers/message-inbound.ts'),
  'message.unsupported': () => import('./handlers/message-unsupported.ts'),
  'message.status': () => import('./handlers/message-status.ts'),
  'conversation.new': () => import('./handlers/conversation-new.ts'),

  'message.queued': () => import('./handlers/message-queued.ts'),
  'message.sent': () => import('./handlers/message-sent.ts'),
  'message.delivered': () => import('./handlers/message-delivered.ts'),
  'message.read': () => import('./handlers/message-read.ts'),
  'message.failed': () => import('./handlers/message-failed.ts'),

  'template.approved': () => import('./handlers/template-approved.ts'),
  'template.rejected': () => import('./handlers/template-rejected.ts'),
  'template.status_changed': () => import('./handlers/template-status-changed.ts'),

  'broadcast.status_changed': () => import('./handlers/broadcast-status-changed.ts'),
  'invitation.status_changed': () => import('./handlers/invitation-status-changed.ts'),
  'call.initiated': () => import('./handlers/call.ts'),
  'call.answered': () => import('./handlers/call.ts'),
  'call.completed': () => import('./handlers/call.ts'),
  'call.failed': () => import('./handlers/call.ts'),
  'domain.verified': () => import('./handlers/domain.ts'),
  'domain.failed': () => import('./handlers/domain.ts'),
};
