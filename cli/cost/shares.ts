import { recordedTypes } from '../../lambda/messages/recorded-types.ts';
import type { Assumptions } from './assumptions.ts';
import type { StackShape } from './stack-shape.ts';

/**
 * The share of the events that goes to each worker, by its name: what the types that it handles have of all types that
 * some worker handles. If nothing is known of these types, each worker gets as much as the others.
 */
export function workerShares(
  { workers }: Pick<StackShape, 'workers'>,
  { shares }: Pick<Assumptions, 'shares'>,
): Readonly<Record<string, number>> {
  const assumed = workers.map(
    ({ name, types }) => [name, types.reduce((sum, type) => sum + (shares[type] ?? 0), 0)] as const,
  );
  const total = assumed.reduce((sum, [, share]) => sum + share, 0);
  return Object.fromEntries(
    assumed.map(([name, share]) => [name, total === 0 ? 1 / workers.length : share / total]),
  );
}

/** The share of the events that is recorded in the messages table: it has an item for what they are about. */
export function recordedShare(
  { workers }: Pick<StackShape, 'workers'>,
  { shares }: Pick<Assumptions, 'shares'>,
): number {
  const ofWorkers = workerShares({ workers }, { shares });
  return workers.reduce((sum, { name, types, records }) => {
    if (!records) return sum;
    const own = types.map((type) => ({ share: shares[type] ?? 0, isRecorded: recordedTypes.has(type) }));
    const all = own.reduce((total, { share }) => total + share, 0);
    const weigh = (share: number) => (all === 0 ? 1 / own.length : share / all);
    const recorded = own.reduce((total, { share, isRecorded }) => total + (isRecorded ? weigh(share) : 0), 0);
    return sum + (ofWorkers[name] ?? 0) * recorded;
  }, 0);
}
