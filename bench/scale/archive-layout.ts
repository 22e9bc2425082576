import { eventsPrefix } from '../../lambda/archive/layout.ts';

/** An archive whose objects are made when they are read. */
export interface ArchiveSize {
  events: number;
  /** ISO 8601 dates that the events are spread over evenly. */
  days: readonly string[];
}

/** An object: the day of its events, and which of them it holds. */
export interface ObjectKey {
  day: string;
  first: number;
  count: number;
}

/** Firehose writes larger ones; smaller ones make listing and reading cost more for an event, not less. */
const eventsOfObject = 500;
const folderOf = (day: string) => `${eventsPrefix}day=${day}/event_type=message.inbound/`;

/** The keys of the objects under a prefix, in their order. */
export function keysOf({ events, days }: ArchiveSize, prefix: string): string[] {
  const ofDay = events / days.length;
  return days.flatMap((day) => {
    const folder = folderOf(day);
    if (!folder.startsWith(prefix)) return [];
    return Array.from(
      { length: Math.ceil(ofDay / eventsOfObject) },
      (_, index) => `${folder}${String(index).padStart(9, '0')}.gz`,
    );
  });
}

/** What the object of a path holds; undefined if the archive has no such object. */
export function objectOf({ events, days }: ArchiveSize, path: string): ObjectKey | undefined {
  const ofDay = events / days.length;
  const [, number] = /\/(\d{9})\.gz$/.exec(path) ?? [];
  const dayIndex = days.findIndex((day) => path.includes(`/${folderOf(day)}`));
  const day = days[dayIndex];
  if (number === undefined || day === undefined) return undefined;
  const start = Number(number) * eventsOfObject;
  const count = Math.min(eventsOfObject, ofDay - start);
  return count > 0 ? { day, first: dayIndex * ofDay + start, count } : undefined;
}
