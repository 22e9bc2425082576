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

/** What an event names as its subject. Nothing says that its id can be one. */
export interface NamedSubject {
  kind: ItemKind;
  id: unknown;
  /** undefined if the event has no word for it. */
  state: string | undefined;
}

/**
 * What an event is about, and which state it reports.
 *
 * @returns undefined if it is about nothing that has an item, or names no id or state that can be one
 */
export function subjectOf(event: Event): Subject | undefined {
  const named = namedSubjectOf(event);
  if (named?.state === undefined || 'problem' in itemKey(named.kind, named.id, {})) return undefined;
  return { kind: named.kind, id: String(named.id), state: named.state };
}

/**
 * What an event names as its subject, unchecked.
 *
 * @returns undefined for a type that is about nothing that has an item
 */
export function namedSubjectOf(event: Event): NamedSubject | undefined {
  const data: Partial<Record<string, unknown>> = event.data;
  if (isMessageEvent(event)) return { kind: 'message', id: data.messageId, state: statusOf[event.type] };
  switch (event.type) {
    case 'call.initiated':
    case 'call.answered':
    case 'call.completed':
    case 'call.failed':
      return { kind: 'call', id: data.callId, state: event.type.slice('call.'.length) };
    case 'conversation.new':
      // Many have no id of the conversation. Its first message belongs to no other one.
      return { kind: 'conversation', id: data.conversationId || data.firstMessageId, state: 'new' };
    case 'invitation.status_changed':
      return { kind: 'invitation', id: data.invitationId, state: wordOf(data.currentStatus) };
    case 'template.approved':
    case 'template.rejected':
      return { kind: 'template', id: data.templateId, state: event.type.slice('template.'.length) };
    case 'template.status_changed':
      return { kind: 'template', id: data.templateId, state: wordOf(data.status) };
    case 'broadcast.status_changed':
      return { kind: 'broadcast', id: data.broadcastId, state: wordOf(data.status) };
    default:
      return undefined;
  }
}

/** A state that Zavu may add to without notice. */
function wordOf(value: unknown): string | undefined {
  const code = codeOf(value);
  // A map of states that is read from DynamoDB cannot hold it.
  return code === '__proto__' ? undefined : code;
}
