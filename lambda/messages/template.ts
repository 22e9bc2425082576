import type { EventOf } from '../event.ts';

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
  id: string;
  status: string;
  name?: string;
  /** Why Meta rejected it. */
  reason?: string;
  projectId?: string;
  senderId?: string;
  /** Timestamp of the latest event, in milliseconds, and its id. */
  updatedAt: number;
  eventId: string;
}

/**
 * Adds an event to a template's item: the latest counts (of two at the same time that with the greater id).
 *
 * @returns the same object where the event is not later
 */
export function addToTemplate(before: Template | undefined, event: TemplateEvent): Template {
  const isLater =
    !before ||
    event.timestamp > before.updatedAt ||
    (event.timestamp === before.updatedAt && event.id > before.eventId);
  if (!isLater) return before;
  const { name, status, reason }: Partial<Record<string, unknown>> = event.data;
  return {
    id: idOfTemplate(event.data.templateId ?? ''),
    status: statusOf[event.type] ?? (typeof status === 'string' ? status : 'unknown'),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(event.projectId ? { projectId: event.projectId } : {}),
    ...(event.senderId ? { senderId: event.senderId } : {}),
    updatedAt: event.timestamp,
    eventId: event.id,
  };
}

/** Key of a template's item. */
export function idOfTemplate(templateId: string): string {
  return `template#${templateId}`;
}
