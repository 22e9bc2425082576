import { catalogue } from '../zavu/catalogue.ts';

/** Where records lie in the archive: a folder per day (UTC) and event type, in Hive's style, which Athena reads. */
export const eventsPrefix = 'events/';

/** The partition of all types that the catalogue lacks: a type that Zavu makes up must not become a folder. */
export const otherTypes = 'other';

/** The event types that have a partition of their own, and `other`. */
export const partitionTypes: readonly string[] = [...Object.keys(catalogue), otherTypes];

/** The folders of a day that may hold a type: those of all, without one. */
export function partitionPrefixes(day: string, type?: string): string[] {
  const prefix = `${eventsPrefix}day=${day}/`;
  // What came before the catalogue knew the type lies among the others.
  const types = new Set(
    type === undefined ? [] : [partitionTypes.includes(type) ? type : otherTypes, otherTypes],
  );
  return types.size === 0 ? [prefix] : [...types].map((each) => `${prefix}event_type=${each}/`);
}
