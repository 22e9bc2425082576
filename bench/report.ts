import type { BuildResult } from './build.ts';
import type { Group } from './chart.ts';
import { coldSection, memorySection, warmSection, workerSection } from './function-sections.ts';
import type { Durations, MemoryResult } from './memory.ts';
import type { ColdResult, OfReceivers, VerificationResult, WarmResult } from './receiver.ts';
import {
  buildSection,
  expressSection,
  type StackResult,
  type SystemResult,
  stackSection,
} from './system-sections.ts';
import type { WorkerResult, WorkerResults } from './worker.ts';

/** What each part measured; those that did not run are missing. */
export interface Results {
  cold?: OfReceivers<ColdResult>;
  warm?: { requests: OfReceivers<WarmResult>; verification: readonly VerificationResult[] };
  worker?: WorkerResults;
  memory?: readonly MemoryResult[];
  durations?: Durations;
  stack?: StackResult;
  express?: readonly SystemResult[];
  build?: BuildResult;
}

/** What the parts measured, in Markdown, a section for each. */
export function sectionsOf(results: Results): string {
  const { cold, warm, worker, memory, stack, express, build } = results;
  return [
    ...(cold ? [coldSection(cold)] : []),
    ...(warm ? [warmSection(warm)] : []),
    ...(worker ? [workerSection(worker)] : []),
    ...(memory ? [memorySection(memory)] : []),
    ...(stack ? [stackSection(stack)] : []),
    ...(express ? [expressSection(express)] : []),
    ...(build ? [buildSection(build)] : []),
  ].join('\n\n');
}

/** The ratios that have a goal. */
export function groupsOf({
  cold,
  warm,
  worker,
}: Required<Pick<Results, 'cold' | 'warm' | 'worker'>>): Group[] {
  const ofTen = (of: readonly WorkerResult[]) =>
    of.find(({ batchSize }) => batchSize === 10)?.cpuOfTwoWrites.median ?? Number.NaN;
  return [
    {
      title: 'Cold start to the first 200, processor time, times the floor',
      bars: [
        { label: 'this receiver', ratio: cold.receiver.cpuOfFloor.median, goal: 1.4 },
        { label: 'plain build', ratio: cold.plain.cpuOfFloor.median },
      ],
    },
    {
      title: 'Warm request, processor time, times the floor',
      bars: [
        { label: 'this receiver', ratio: warm.requests.receiver.cpuOfFloor.median, goal: 1.5 },
        { label: 'plain build', ratio: warm.requests.plain.cpuOfFloor.median },
      ],
    },
    {
      title: 'Event in a worker, batches of ten, processor time, times two writes of DynamoDB',
      bars: [
        { label: 'once-only', ratio: ofTen(worker.onceOnly), goal: 1.3 },
        { label: 'a copy of an event', ratio: ofTen(worker.duplicates) },
        { label: 'with the messages table', ratio: ofTen(worker.worker) },
      ],
    },
  ];
}
