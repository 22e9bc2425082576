import type { EventOf } from '../zavu/event.ts';
import { codeOf, defined, idOf, ownerFields, textOf, timeOf } from './field.ts';
import type { Recording } from './message.ts';

/** The event types that change a template's item, and the status that each says, where its type says it. */
const statusOf = {
  'template.approved': 'approved',
  'template.rejected': 'rejected',
  'template.status_changed': undefined,
} as const;

export type TemplateEventType = keyof typeof statusOf;
export type TemplateEvent = { [T in TemplateEventType]: EventOf<T> }[TemplateEventType];

export const templateEventTypes = Object.keys(statusOf) as readonly TemplateEventType[];

/** A template's item: what the latest event says of it. */
export interface Template {
  status: string;
  /** As a word, or as free text where content is stored. */
  name?: string;
  /** Why Meta rejected it: as a code, or as free text where content is stored. */
  reason?: string;
  projectId?: string;
  senderId?: string;
  /** Timestamp of the latest event, in milliseconds, and not ahead of the time when it was recorded. */
  updatedAt: number;
  eventId: string;
}

/**
 * Adds an event to a template's item: the latest counts (of two at the same time that with the greater id). One that
 * is dated ahead counts as of the time when it is recorded, so that what comes after it counts again.
 *
 * @returns the same object where the event is not later
 */
export function addToTemplate(
  before: Template | undefined,
  event: TemplateEvent,
  { storeMessageContent, now }: Recording,
): Template {
  const updatedAt = timeOf(event.timestamp, now);
  const eventId = textOf(event.id) ?? '';
  const isLater =
    !before || updatedAt > before.updatedAt || (updatedAt === before.updatedAt && eventId > before.eventId);
  if (!isLater) return before;
  const { name, status, reason }: Partial<Record<string, unknown>> = event.data;
  const freeText = (value: unknown) => (storeMessageContent ? textOf(value) : undefined);
  return {
    status: statusOf[event.type] ?? codeOf(status) ?? 'unknown',
    ...defined({
      name: idOf(name) ?? freeText(name),
      reason: codeOf(reason) ?? freeText(reason),
    }),
    ...ownerFields(event),
    updatedAt,
    eventId,
  };
}

/** A template's item without what somebody wrote. */
export function withoutText({ name: _name, reason: _reason, ...rest }: Template): Template {
  return rest;
}
