/** How many events are remembered at least. The keys of twice as many take 30 MB. */
const remembered = 100_000;

/**
 * Notices events that the archive holds twice, because the receiver answered too late and Zavu sent them again. It
 * remembers the latest events and no others, so that its memory does not grow with the archive. A duplicate that comes
 * later is put into its queue again, and its worker recognizes it by its claim: it costs a message, and has no effect.
 */
export class SeenEvents {
  readonly #atLeast: number;
  // Two generations, and the older one is dropped as a whole: a Set from which the oldest entry is deleted each time takes
  // longer, the more entries were deleted before.
  #older = new Set<string>();
  #newer = new Set<string>();

  /** @param atLeast how many events are remembered at least; at most twice as many are */
  constructor(atLeast = remembered) {
    this.#atLeast = atLeast;
  }

  /** Whether an event is not among those that are remembered. It is from now on. */
  isNew(key: string): boolean {
    if (this.#newer.has(key)) return false;
    const isNew = !this.#older.has(key);
    this.#newer.add(key);
    if (this.#newer.size >= this.#atLeast) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    return isNew;
  }
}
