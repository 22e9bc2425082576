/**
 * Measures subjects against each other: a round is one measurement of each, every other round in the opposite
 * order, so that neither drift nor a neighbour's cache is in one subject's favour.
 *
 * @param subjects how to take one measurement of each
 * @param rounds how many count; `warmUp` more before them do not
 * @returns the measurements of each, in the order of rounds
 */
export async function measureInRounds<Subjects extends Record<string, () => Promise<unknown>>>(
  subjects: Subjects,
  rounds: number,
  warmUp: number,
): Promise<{ [Name in keyof Subjects]: Awaited<ReturnType<Subjects[Name]>>[] }> {
  const measurements = Object.entries(subjects).map(([name, measure]) => ({
    name,
    measure,
    taken: [] as unknown[],
  }));
  for (let round = -warmUp; round < rounds; round++) {
    for (const { measure, taken } of round % 2 ? measurements : measurements.toReversed()) {
      const measurement = await measure();
      if (round >= 0) taken.push(measurement);
    }
  }
  // Each subject's own measurements stand under its name.
  return Object.fromEntries(measurements.map(({ name, taken }) => [name, taken])) as never;
}
