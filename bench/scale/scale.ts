import type { Functions } from '../functions.ts';
import type { Loopback } from '../loopback.ts';
import { measureArchive } from './archive.ts';
import { measureBatches } from './batches.ts';
import { measureBodies } from './bodies.ts';
import { measureDeadLetters } from './dead-letters.ts';
import type { Dimension } from './dimension.ts';
import { measureLocalRun } from './local-run.ts';
import { measureStrangers } from './strangers.ts';

const kibibyte = 1_024;

/** How all that may grow does. It takes some seven minutes, most of them for the largest sizes. */
export async function measureScale(
  functions: Functions,
  loopback: Loopback,
  workspace: string,
): Promise<Dimension[]> {
  // A command reads 100,000 dead letters of a queue at most.
  return [
    ...(await measureLocalRun([100, 1_000, 10_000])),
    ...(await measureBatches(functions, loopback, [1, 10, 100])),
    ...(await measureBodies(
      functions,
      loopback,
      [1, 16, 64, 256, 1_000, 2_000, 4_000].map((size) => size * kibibyte),
    )),
    ...(await measureStrangers(functions, loopback, [1, 10, 100, 1_000, 10_000])),
    ...(await measureDeadLetters([10, 100, 1_000, 10_000, 99_999], workspace)),
    ...(await measureArchive([1_000, 10_000, 100_000, 1_000_000, 10_000_000], workspace)),
  ];
}
