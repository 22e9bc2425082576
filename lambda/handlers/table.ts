import type { RoutedType } from '../routing/routes.ts';
import type { Handler } from './handler.ts';

/**
 * The handler module of every routed event type. One that is missing, or takes another type's event, does not
 * compile. A worker loads the modules of its own types, and none of the others.
 */
export const handlers: { readonly [T in RoutedType]: () => Promise<{ handler: Handler<T> }> } = {
  'message.inbound': () => import('./default/message-inbound.ts'),
  'message.unsupported': () => import('./default/message-unsupported.ts'),
  'message.status': () => import('./default/message-status.ts'),
  'conversation.new': () => import('./default/conversation-new.ts'),

  'message.queued': () => import('./default/message-queued.ts'),
  'message.sent': () => import('./default/message-sent.ts'),
  'message.delivered': () => import('./default/message-delivered.ts'),
  'message.read': () => import('./default/message-read.ts'),
  'message.failed': () => import('./default/message-failed.ts'),

  'template.approved': () => import('./default/template-approved.ts'),
  'template.rejected': () => import('./default/template-rejected.ts'),
  'template.status_changed': () => import('./default/template-status-changed.ts'),

  'broadcast.status_changed': () => import('./default/broadcast-status-changed.ts'),
  'invitation.status_changed': () => import('./default/invitation-status-changed.ts'),
  'call.initiated': () => import('./default/call.ts'),
  'call.answered': () => import('./default/call.ts'),
  'call.completed': () => import('./default/call.ts'),
  'call.failed': () => import('./default/call.ts'),
  'domain.verified': () => import('./default/domain.ts'),
  'domain.failed': () => import('./default/domain.ts'),
};
