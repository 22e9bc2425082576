import type { Envelope } from '../envelope.ts';

/** Remembers to whom the latest ids belong. */
export interface RecentIds {
  /** Notes an event's id. Gives true where the id was another project's or sender's a moment ago. */
  isShared(event: Pick<Envelope, 'id' | 'projectId' | 'senderId'>): boolean;
}

/**
 * Notices ids that two owners use, which a claim keeps apart (docs/decisions/0026). It sees what came to one execution
 * environment: a hint for people, on which nothing depends.
 *
 * @param most how many ids are remembered
 */
export function createRecentIds(most = 5_000): RecentIds {
  const owners = new Map<string, string>();
  return {
    isShared({ id, projectId, senderId }) {
      // Without a digest (`ownerOf`), which takes longer than all else here: it is a hint.
      const owner = `${projectId} ${senderId}`;
      const before = owners.get(id);
      // The first of a Map is what was put there first.
      if (before === undefined && owners.size >= most) {
        for (const oldest of owners.keys()) {
          owners.delete(oldest);
          break;
        }
      }
      owners.set(id, owner);
      return before !== undefined && before !== owner;
    },
  };
}
