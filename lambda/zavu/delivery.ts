/** How long Zavu waits for an answer (the guide). */
export const zavuWaitsMs = 5_000;

/** How long Zavu goes on sending an event that it gets no 2xx for. */
export interface Ladder {
  /** Between one attempt and the next: there is one attempt more than there are waits. */
  waitsSeconds: readonly number[];
  /** From the first attempt to the last. */
  seconds: number;
  /** The same for people: `1 h 21 min`. */
  text: string;
}

// Zavu's pages name three ladders of waits between attempts. Which one a sender has cannot be seen from outside, so each
// use takes the one that is worse for it.

/** The guide that this project was founded on: five attempts. What plays Zavu here follows it. */
export const guideLadder = ladder(1, 5, 30, 120);
/** Zavu's repository of skills: six attempts. */
const skillsLadder = ladder(1, 5, 15, 60, 240);
/** The newest page, of API v2: five attempts. */
const apiV2Ladder = ladder(1, 5, 15, 60);

/** What an alarm must beat: after it, an event that was refused may be gone. */
export const shortestLadder = apiV2Ladder;

/** What deduplication and replay protection must outlive: until then, Zavu may send an event once more. */
export const longestLadder = skillsLadder;

function ladder(...waitMinutes: number[]): Ladder {
  const minutes = waitMinutes.reduce((sum, wait) => sum + wait, 0);
  return {
    waitsSeconds: waitMinutes.map((wait) => wait * 60),
    seconds: minutes * 60,
    text: `${Math.floor(minutes / 60)} h ${minutes % 60} min`,
  };
}
