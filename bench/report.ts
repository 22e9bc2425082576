import type { BuildResult } from './build.ts';
import { coldSection, memorySection, warmSection, workerSection } from './function-sections.ts';
import type { Durations, MemoryResult } from './memory.ts';
import type { ColdResult, OfReceivers, VerificationResult, WarmResult } from './receiver.ts';
import type { Dimension } from './scale/dimension.ts';
import { scaleSection } from './scale/section.ts';
import {
  buildSection,
  expressSection,
  type StackResult,
  type SystemResult,
  stackSection,
} from './system-sections.ts';
import type { WorkerResults } from './worker.ts';

/** What each part measured; those that did not run are missing. */
export interface Results {
  cold?: OfReceivers<ColdResult>;
  warm?: { requests: OfReceivers<WarmResult>; verification: readonly VerificationResult[] };
  worker?: WorkerResults;
  memory?: readonly MemoryResult[];
  durations?: Durations;
  stack?: StackResult;
  scale?: readonly Dimension[];
  express?: readonly SystemResult[];
  build?: BuildResult;
}

/** What the parts measured, in Markdown, a section for each. */
export function sectionsOf(results: Results): string {
  const { cold, warm, worker, memory, stack, scale, express, build } = results;
  return [
    ...(cold ? [coldSection(cold)] : []),
    ...(warm ? [warmSection(warm)] : []),
    ...(worker ? [workerSection(worker)] : []),
    ...(memory ? [memorySection(memory)] : []),
    ...(stack ? [stackSection(stack)] : []),
    ...(scale ? [scaleSection(scale)] : []),
    ...(express ? [expressSection(express)] : []),
    ...(build ? [buildSection(build)] : []),
  ].join('\n\n');
}
