import type { Allocations } from './allocations.ts';
import type { ColdResult } from './cold.ts';
import type { ColdWorkers } from './cold-worker.ts';
import {
  allocationsSection,
  coldSection,
  coldWorkerSection,
  memorySection,
  warmSection,
  workerSection,
} from './function-sections.ts';
import type { MemoryResult } from './memory.ts';
import type { ColdReceiverResult, OfReceivers, VerificationResult, WarmResult } from './receiver.ts';
import type { Dimension } from './scale/dimension.ts';
import { scaleSection } from './scale/section.ts';
import type { SideBySide } from './side-by-side.ts';
import { alternativesSection } from './system-sections.ts';
import type { WorkerResults } from './worker.ts';

/** What each part measures. */
export interface Results {
  cold: OfReceivers<ColdReceiverResult>;
  'cold-worker': ColdWorkers<ColdResult>;
  warm: { requests: OfReceivers<WarmResult>; verification: readonly VerificationResult[] };
  worker: WorkerResults;
  allocations: Allocations;
  memory: readonly MemoryResult[];
  scale: readonly Dimension[];
  alternatives: SideBySide;
}

export type Part = keyof Results;

/** How each part is shown, in the report's order. */
const sections: { readonly [Name in Part]: (result: Results[Name]) => string } = {
  cold: coldSection,
  'cold-worker': coldWorkerSection,
  warm: warmSection,
  worker: workerSection,
  allocations: allocationsSection,
  memory: memorySection,
  scale: scaleSection,
  alternatives: alternativesSection,
};

/** What `npm run bench` can measure. */
export const parts = Object.keys(sections).filter((name): name is Part => name in sections);

/** What a part measured, when and on what. */
export interface Measured<Result> {
  /** The day, such as `2026-11-28`. */
  on: string;
  /** Node and the machine, in words. */
  by: string;
  result: Result;
}

/** The last results of each part. Those that never ran are missing. */
export type Measurements = { readonly [Name in Part]?: Measured<Results[Name]> };

const introduction = [
  '# Results',
  'What `npm run bench` measured: the whole, or some of its parts with `--only`. Values are medians, with the range of the middle ' +
    'half. Ratios are taken round by round, with what is compared one after the other in each: they say more than the ' +
    'milliseconds, which are those of a shared machine.',
];

/**
 * What the parts measured, in Markdown: a section for each, which says when.
 *
 * @throws Error naming a part whose results are of an older version of it
 */
export function reportOf(measurements: Measurements): string {
  return `${[...introduction, ...parts.flatMap((part) => sectionOf(part, measurements))].join('\n\n')}\n`;
}

/** The section of a part; none if it never ran. */
export function sectionOf<Name extends Part>(part: Name, measurements: Measurements): string[] {
  const measured = measurements[part];
  if (!measured) return [];
  try {
    return [sections[part](measured.result), `Measured on ${measured.on}: ${measured.by}.`];
  } catch (error) {
    throw new Error(
      `The results of ${part} are of an older version of it. Measure it again: npm run bench -- --only ${part}.`,
      { cause: error },
    );
  }
}
