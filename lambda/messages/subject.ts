import type { Event } from '../zavu/event.ts';
import { codeOf } from './field.ts';
import { type ItemKind, itemKey } from './key.ts';
import { isMessageEvent, statusOf } from './status-change.ts';

/** What an event is about, and which state it reports. */
export interface Subject {
  kind: ItemKind;
  id: string;
  state: string;
}

/**
 * What an event is about, and which state it reports.
 *
 * @returns undefined if it is about nothing that has an item, or names no id or state that can be one
 */
export function subjectOf(event: Event): Subject | undefined {
  const data: Partial<Record<string, unknown>> = event.data;
  if (isMessageEvent(event)) return subject('message', data.messageId, statusOf[event.type]);
  switch (event.type) {
    case 'call.initiated':
    case 'call.answered':
    case 'call.completed':
    case 'call.failed':
      return subject('call', data.callId, event.type.slice('call.'.length));
    case 'conversation.new':
      return subject('conversation', data.conversationId, 'new');
    case 'invitation.status_changed':
      return subject('invitation', data.invitationId, codeOf(data.currentStatus));
    case 'template.approved':
    case 'template.rejected':
      return subject('template', data.templateId, event.type.slice('template.'.length));
    case 'template.status_changed':
      return subject('template', data.templateId, codeOf(data.status));
    case 'broadcast.status_changed':
      return subject('broadcast', data.broadcastId, codeOf(data.status));
    default:
      return undefined;
  }
}

function subject(kind: ItemKind, id: unknown, state: string | undefined): Subject | undefined {
  if (state === undefined || 'problem' in itemKey(kind, id, {})) return undefined;
  return { kind, id: String(id), state };
}
