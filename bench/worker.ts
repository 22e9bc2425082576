import type { Functions } from './functions.ts';
import type { Loopback } from './loopback.ts';
import type { Effort } from './receiver.ts';
import { measureInRounds } from './rounds.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';
import { WarmFunction } from './warm.ts';
import { batchOf, inboundBody, isHandled } from './webhook.ts';

export interface WorkerResult {
  batchSize: number;
  /** Milliseconds of processor time for an event, and by the clock for a batch. */
  cpuMsPerEvent: Spread;
  wallMsPerBatch: Spread;
  /** As a multiple of two raw calls of DynamoDB. */
  cpuOfTwoWrites: Spread;
  /** Calls of AWS for an event that is new, by operation. */
  callsPerEvent: Record<string, number>;
}

export interface WorkerResults {
  /** Two raw calls of DynamoDB for an event, and nothing else. */
  twoWrites: WorkerResult[];
  /** The worker without the messages table. */
  onceOnly: WorkerResult[];
  /** The same, for duplicates of events that were handled. */
  duplicates: WorkerResult[];
  /** The worker as it is deployed by default, with an item for every message. */
  worker: WorkerResult[];
  /** The plain stack's: once-only by Powertools, with its batch processor and its logger. */
  plain: WorkerResult[];
}

/** What an event costs a worker, by the size of batches. */
export async function measureWorker(
  functions: Functions,
  loopback: Loopback,
  effort: Effort,
): Promise<WorkerResults> {
  const running = {
    twoWrites: await WarmFunction.start(functions.twoWrites),
    onceOnly: await WarmFunction.start(functions.onceOnly),
    worker: await WarmFunction.start(functions.worker),
    plain: await WarmFunction.start(functions.plainWorker),
  };
  const results: WorkerResults = { twoWrites: [], onceOnly: [], duplicates: [], worker: [], plain: [] };
  for (const batchSize of [1, 10, 100]) {
    const batches = Math.max(1, Math.round(effort.block / batchSize));
    const block = async (name: keyof typeof running, areDuplicates: boolean) => {
      const bodies = Array.from({ length: batches }, () => Array.from({ length: batchSize }, inboundBody));
      if (areDuplicates) await invoke(running[name], bodies);
      await loopback.calls(areDuplicates ? 'keep' : 'forget');
      const { cpuMs, wallMs } = await invoke(running[name], bodies);
      const calls = await loopback.calls('forget');
      const events = batches * batchSize;
      return {
        cpuMs: cpuMs / events,
        wallMs: wallMs / batches,
        calls: Object.fromEntries(
          Object.entries(calls).map(([operation, count]) => [operation, count / events]),
        ),
      };
    };
    const taken = await measureInRounds(
      {
        twoWrites: () => block('twoWrites', false),
        onceOnly: () => block('onceOnly', false),
        duplicates: () => block('onceOnly', true),
        worker: () => block('worker', false),
        plain: () => block('plain', false),
      },
      effort.rounds,
      effort.warmUp,
    );
    const floors = taken.twoWrites.map(({ cpuMs }) => cpuMs);
    for (const name of ['twoWrites', 'onceOnly', 'duplicates', 'worker', 'plain'] as const) {
      const cpu = taken[name].map(({ cpuMs }) => cpuMs);
      results[name].push({
        batchSize,
        cpuMsPerEvent: spreadOf(cpu),
        wallMsPerBatch: spreadOf(taken[name].map(({ wallMs }) => wallMs)),
        cpuOfTwoWrites: ratioOf(cpu, floors),
        callsPerEvent: taken[name].at(-1)?.calls ?? {},
      });
    }
  }
  for (const each of Object.values(running)) await each.stop();
  return results;
}

function invoke(worker: WarmFunction, bodies: readonly string[][]) {
  return worker.invoke(bodies.map(batchOf), isHandled);
}
