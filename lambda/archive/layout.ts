import { catalogue } from '../zavu/catalogue.ts';

/**
 * The prefix of all records. Below it is a folder per day (UTC) and event type, in Hive's style, which Athena reads.
 */
export const eventsPrefix = 'events/';

/** The partition of all types that the catalogue does not have: a new type of Zavu's must not become a folder. */
export const otherTypes = 'other';

/** The event types that have a partition of their own, and `other`. */
export const partitionTypes: readonly string[] = [...Object.keys(catalogue), otherTypes];

/** The folders of a day that may hold events of a type. Without a type, it is the folder of the whole day. */
export function partitionPrefixes(day: string, type?: string): string[] {
  const prefix = `${eventsPrefix}day=${day}/`;
  // Events that came before the catalogue had the type are in the partition of the others.
  const types = new Set(
    type === undefined ? [] : [partitionTypes.includes(type) ? type : otherTypes, otherTypes],
  );
  return types.size === 0 ? [prefix] : [...types].map((each) => `${prefix}event_type=${each}/`);
}
