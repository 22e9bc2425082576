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
