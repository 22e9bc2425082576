import type { Event, EventOf } from '../zavu/event.ts';
import { codeOf, defined, idOf, ownerFields, textOf, timeOf } from './field.ts';
import type { Recording } from './message.ts';
import type { Succession } from './update.ts';

/**
 * The event types that change a template's item, and the status that the type says; undefined if it does not say one.
 */
const statusOf = {
  'template.approved': 'approved',
  'template.rejected': 'rejected',
  'template.status_changed': undefined,
} as const;

type TemplateEventType = keyof typeof statusOf;
export type TemplateEvent = { [T in TemplateEventType]: EventOf<T> }[TemplateEventType];

export const templateEventTypes = Object.keys(statusOf) as readonly TemplateEventType[];

export function isTemplateEvent(event: Event): event is TemplateEvent {
  return Object.hasOwn(statusOf, event.type);
}

/** A template's item: what the latest event says of it. */
export interface Template {
  status: string;
  /** As a word or, if content is stored, as free text. */
  name?: string;
  /** Why Meta rejected it: as a code or, if content is stored, as free text. */
  reason?: string;
  projectId?: string;
  senderId?: string;
  /** Timestamp of the latest event, in milliseconds, and not ahead of the time when it was recorded. */
  updatedAt: number;
  eventId: string;
}

/**
 * Adds an event to a template's item: the latest counts (of two at the same time, the one with the greater id). If an
 * event is dated ahead, the time when it is recorded counts instead, so that later events count again.
 *
 * @returns the same object if the event is not later
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

/**
 * The templates' items that an event replaces without a look at them, since it is later. Of two at the same time,
 * {@link addToTemplate} decides: DynamoDB has another order of texts than JavaScript.
 */
export const templatesBefore: Succession = {
  condition: '#updatedAt < :updatedAt',
  removed: ['name', 'reason'],
};

/** A template's item without the texts that a person wrote. */
export function withoutText({ name: _name, reason: _reason, ...others }: Template): Template {
  return others;
}
