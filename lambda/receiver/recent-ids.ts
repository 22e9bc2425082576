import type { Envelope } from '../zavu/envelope.ts';

/** Remembers whose the latest event ids are. */
export interface RecentIds {
  /** Notes an event's id. Gives true if another project's or sender's event had the same id a moment ago. */
  isShared(event: Pick<Envelope, 'id' | 'projectId' | 'senderId'>): boolean;
}

/**
 * Notices ids that two owners use, whose claims are kept apart (docs/decisions/0026). It sees only the events of one
 * execution environment. It is a hint for people, and nothing depends on it.
 *
 * @param maxIds how many ids are remembered at most; at least half as many are
 */
export function createRecentIds(maxIds = 5_000): RecentIds {
  // Two generations, and the older one is dropped as a whole: deleting the oldest entry of a Map takes longer, the more
  // entries were deleted before.
  let older = new Map<string, string>();
  let newer = new Map<string, string>();
  return {
    isShared({ id, projectId, senderId }) {
      // Not `ownerOf`: its digest takes longer than everything else here.
      const owner = `${projectId} ${senderId}`;
      const before = newer.get(id) ?? older.get(id);
      if (newer.size >= maxIds / 2) {
        older = newer;
        newer = new Map();
      }
      newer.set(id, owner);
      return before !== undefined && before !== owner;
    },
  };
}
