import { type ColdStart, startCold } from './cold.ts';
import type { Functions } from './functions.ts';
import type { Effort } from './receiver.ts';
import { measureInRounds } from './rounds.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';
import { batchOf, inboundBody, isHandled } from './webhook.ts';

/** A worker, and what it is measured against. */
export type ColdWorkers<Result> = { floor: Result; onceOnly: Result; worker: Result };

export interface ColdWorkerResult {
  /** Milliseconds of processor time until the first event is handled, and its parts; and by the clock. */
  cpuMs: Spread;
  bootCpuMs: Spread;
  initCpuMs: Spread;
  firstCpuMs: Spread;
  wallMs: Spread;
  cpuOfFloor: Spread;
}

/** A new process until its first event is handled, against one that makes two raw writes to DynamoDB. */
export async function measureColdWorker(
  functions: Functions,
  { rounds, warmUp }: Pick<Effort, 'rounds' | 'warmUp'>,
  workspace: string,
): Promise<ColdWorkers<ColdWorkerResult>> {
  const start = (name: 'twoWrites' | 'onceOnly' | 'worker') => () =>
    startCold(functions[name], batchOf([inboundBody()]), workspace, isHandled);
  const taken = await measureInRounds(
    { floor: start('twoWrites'), onceOnly: start('onceOnly'), worker: start('worker') },
    rounds,
    warmUp,
  );
  const of = (starts: readonly ColdStart[], part: keyof ColdStart) => starts.map((each) => each[part]);
  const floors = of(taken.floor, 'cpuMs');
  const result = (starts: readonly ColdStart[]): ColdWorkerResult => ({
    cpuMs: spreadOf(of(starts, 'cpuMs')),
    bootCpuMs: spreadOf(of(starts, 'bootCpuMs')),
    initCpuMs: spreadOf(of(starts, 'initCpuMs')),
    firstCpuMs: spreadOf(of(starts, 'firstCpuMs')),
    wallMs: spreadOf(of(starts, 'wallMs')),
    cpuOfFloor: ratioOf(of(starts, 'cpuMs'), floors),
  });
  return { floor: result(taken.floor), onceOnly: result(taken.onceOnly), worker: result(taken.worker) };
}
