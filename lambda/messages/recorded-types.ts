import { stateEventTypes } from './state-item.ts';
import { messageEventTypes } from './status-change.ts';
import { templateEventTypes } from './template.ts';

/** The event types that are about something that has an item. A word that is no event type is none of them. */
export const recordedTypes: ReadonlySet<string> = new Set<string>([
  ...messageEventTypes,
  ...templateEventTypes,
  ...stateEventTypes,
]);
