/**
 * How Zavu delivers events, with the page that says so. Zavu has three generations of pages, which contradict each
 * other, and a sender does not show which of them it follows. So each use takes the figure that is worse for it.
 */

/** A page of Zavu's, by the name that this project gives it everywhere. */
interface Page {
  name: string;
  url: string;
}

/** The oldest page. This project was written after it, and whatever plays Zavu here follows it. */
const webhookGuide: Page = {
  name: "Zavu's webhook guide",
  url: 'https://docs.zavu.dev/guides/webhooks',
};

/** The page for coding agents in Zavu's public repository of skills. */
const webhookSkill: Page = {
  name: "Zavu's webhook skill",
  url: 'https://github.com/zavudev/zavu-skills/blob/main/skills/webhook-setup/SKILL.md',
};

/** The newest page. */
const apiV2Page: Page = {
  name: "Zavu's page on the webhook of API v2",
  url: 'https://docs.zavu.dev/api-v2/webhook',
};

/**
 * How long Zavu waits for an answer, in milliseconds: the shortest time that a page names.
 *
 * @see {@link webhookGuide} says 5 s, {@link webhookSkill} 30 s, and {@link apiV2Page} nothing
 */
export const zavuWaitsMs = 5_000;

/**
 * How old a signed request may be, and how far ahead of the clock, in seconds, in the verifiers that Zavu publishes.
 *
 * @see {@link webhookSkill}, and https://github.com/zavudev/n8n-nodes-zavu/blob/main/nodes/ZavuTrigger/signature.ts
 */
export const zavuTolerance = { ageSeconds: 300, aheadSeconds: 60 } as const;

/** The first wait of every ladder, in seconds. */
export const firstRetrySeconds = 60;

/** The waits between the attempts to deliver one event. Zavu goes on to the next one if an answer is not 2xx. */
interface RetryLadder {
  /** The page that names these waits. */
  page: Page;
  /** Between one attempt and the next: there is one attempt more than there are waits. */
  waitsSeconds: readonly number[];
  /** From the first attempt to the last. */
  seconds: number;
  /** The same for people: `1 h 21 min`. */
  text: string;
}

/** Five attempts. */
export const guideLadder = /* @__PURE__ */ ladder(webhookGuide, 5, 30, 120);
/** Six attempts. */
export const skillLadder = /* @__PURE__ */ ladder(webhookSkill, 5, 15, 60, 240);
/** Five attempts. */
export const apiV2Ladder = /* @__PURE__ */ ladder(apiV2Page, 5, 15, 60);

/** An alarm must fire sooner: after this ladder, an event that was refused may be lost. */
export const shortestLadder = apiV2Ladder;

/** Idempotency records and replay protection must last longer: until then, Zavu may send an event again. */
export const longestLadder = skillLadder;

/** @param laterMinutes the waits after the first */
function ladder(page: Page, ...laterMinutes: number[]): RetryLadder {
  const waitsSeconds = [firstRetrySeconds, ...laterMinutes.map((wait) => wait * 60)];
  const seconds = waitsSeconds.reduce((sum, wait) => sum + wait, 0);
  return {
    page,
    waitsSeconds,
    seconds,
    text: `${Math.floor(seconds / 3600)} h ${(seconds / 60) % 60} min`,
  };
}
