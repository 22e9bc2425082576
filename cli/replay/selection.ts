import { partitionPrefixes } from '../../lambda/archive/layout.ts';
import type { ArchiveRecord } from '../../lambda/archive/record.ts';
import type { Envelope } from '../../lambda/zavu/envelope.ts';
import type { ArchiveObjects } from './archive-objects.ts';

/** Which events of an archive a person chose. */
export interface Selection {
  /** Received at or after this, and before that, in milliseconds since the epoch. */
  from: number;
  to: number;
  /** An empty list means all types, or all ids. */
  types: readonly string[];
  ids: readonly string[];
}

const dayMs = 86_400_000;

/** A folder of the archive, and the keys of its objects that may hold selected events. */
interface SelectedFolder {
  prefix: string;
  keys: readonly string[];
}

/**
 * The folders that may hold selected events, day after day. Each is listed when its turn comes: the keys of a long span
 * would not fit into memory.
 */
export async function* selectFolders(
  archive: ArchiveObjects,
  { from, to, types }: Selection,
): AsyncGenerator<SelectedFolder> {
  for (let day = Math.floor(from / dayMs) * dayMs; day < to; day += dayMs) {
    const name = new Date(day).toISOString().slice(0, 10);
    const prefixes =
      types.length === 0 ? partitionPrefixes(name) : types.flatMap((type) => partitionPrefixes(name, type));
    for (const prefix of new Set(prefixes)) yield { prefix, keys: await archive.list(prefix) };
  }
}

/**
 * Whether a record is selected.
 *
 * @param event as this code reads it, which may differ from how it was read when it came; undefined if it cannot
 */
export function isSelected(
  record: Pick<ArchiveRecord, 'receivedAt' | 'type' | 'id'>,
  { from, to, types, ids }: Selection,
  event: Pick<Envelope, 'id' | 'type'> | undefined,
): boolean {
  const at = Date.parse(record.receivedAt);
  const { type } = event ?? record;
  return (
    at >= from &&
    at < to &&
    (types.length === 0 || types.includes(type)) &&
    // The log of that time has the record's id.
    (ids.length === 0 || ids.includes(record.id) || (event !== undefined && ids.includes(event.id)))
  );
}
