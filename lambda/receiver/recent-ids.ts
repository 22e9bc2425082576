import type { Envelope } from '../zavu/envelope.ts';

/** Remembers to whom the latest ids belong. */
export interface RecentIds {
  /** Notes an event's id. Gives true where the id was another project's or sender's a moment ago. */
  isShared(event: Pick<Envelope, 'id' | 'projectId' | 'senderId'>): boolean;
}

/**
 * Notices ids that two owners use, which a claim keeps apart (docs/decisions/0026). It sees what came to one execution
 * environment: a hint for people, on which nothing depends.
 *
 * @param maxIds how many ids are remembered at most; at least half as many are
 */
export function createRecentIds(maxIds = 5_000): RecentIds {
  // Two generations, of which the older is dropped whole: to take the oldest entry out of a Map takes longer, the more
  // of them were taken out before.
  let older = new Map<string, string>();
  let newer = new Map<string, string>();
  return {
    isShared({ id, projectId, senderId }) {
      // Without a digest (`ownerOf`), which takes longer than all else here: it is a hint.
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
