/** What repeated measurements say: their middle, and between which values the middle half of them lies. */
export interface Spread {
  median: number;
  lower: number;
  upper: number;
  count: number;
}

/**
 * The median of measurements, with the quartiles as their spread: on a machine that does other things, too, the
 * slow tail says more of those than of what is measured.
 *
 * @throws Error when there is no measurement
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.round(share * (sorted.length - 1))];
    if (value === undefined) throw new Error('Nothing was measured.');
    return value;
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), count: sorted.length };
}

/**
 * What something takes as a multiple of what something else takes, round by round: what slows a whole round down
 * slows both.
 */
export function ratioOf(values: readonly number[], floors: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floors[round] ?? Number.NaN)));
}
