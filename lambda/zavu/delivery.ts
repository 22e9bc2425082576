/** How long Zavu goes on sending an event that it gets no 2xx for. */
export interface Ladder {
  /** From the first attempt to the last. */
  seconds: number;
  /** The same for people: `1 h 21 min`. */
  text: string;
}

/**
 * Zavu's pages name three ladders of waits between attempts, here in minutes. Which one a sender has cannot be seen
 * from outside, so each number below takes the one that is worse for it.
 */
const ladders = {
  /** The guide that this project was founded on: five attempts. */
  guide: [1, 5, 30, 120],
  /** Zavu's repository of skills: six attempts. */
  skills: [1, 5, 15, 60, 240],
  /** The newest page, of API v2: five attempts. */
  apiV2: [1, 5, 15, 60],
};

const lengths = Object.values(ladders).map((waits) => waits.reduce((sum, wait) => sum + wait, 0));

/** What an alarm must beat: after it, an event that was refused may be gone. */
export const shortestLadder = ladder(Math.min(...lengths));

/** What deduplication and replay protection must outlive: until then, Zavu may send an event once more. */
export const longestLadder = ladder(Math.max(...lengths));

function ladder(minutes: number): Ladder {
  return { seconds: minutes * 60, text: `${Math.floor(minutes / 60)} h ${minutes % 60} min` };
}
