import type { MessageSummary } from './stored-message.ts';

/** Which messages a person chose: AND across the fields, OR within one. An empty list leaves out nothing. */
export interface Filter {
  workers: readonly string[];
  types: readonly string[];
  reasons: readonly string[];
  errors: readonly string[];
  /** As `MessageSummary.place` has them. */
  places: readonly string[];
  ids: readonly string[];
  /** Failed at this time or later, in milliseconds since the epoch. */
  from: number | undefined;
  /** Failed before this time. */
  to: number | undefined;
}

/** Whether a filter lets a message through. */
export function matches(filter: Filter, message: MessageSummary): boolean {
  const fits = (wanted: readonly string[], ...values: string[]) =>
    wanted.length === 0 || values.some((value) => wanted.includes(value));
  return (
    fits(filter.workers, message.worker) &&
    fits(filter.types, message.type) &&
    fits(filter.reasons, message.reason) &&
    fits(filter.errors, message.error) &&
    fits(filter.places, message.place) &&
    fits(filter.ids, message.id, message.messageId) &&
    (filter.from === undefined || Date.parse(message.failedAt) >= filter.from) &&
    (filter.to === undefined || Date.parse(message.failedAt) < filter.to)
  );
}

/** Whether a filter leaves out nothing. */
export function isOpen({ from, to, ...lists }: Filter): boolean {
  return (
    Object.values(lists).every((wanted) => wanted.length === 0) && from === undefined && to === undefined
  );
}
