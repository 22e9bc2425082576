import { type ColdResult, type ColdStart, coldResultOf, startCold } from './cold.ts';
import type { Functions } from './functions.ts';
import type { Effort } from './receiver.ts';
import { measureInRounds } from './rounds.ts';
import { batchOf, inboundBody, isHandled } from './webhook.ts';

/** A worker, and what it is measured against. */
export type ColdWorkers<Result> = { floor: Result; onceOnly: Result; worker: Result };

/** A new process until its first event is handled, against one that makes two raw writes to DynamoDB. */
export async function measureColdWorker(
  functions: Functions,
  { rounds, warmUp }: Pick<Effort, 'rounds' | 'warmUp'>,
  workspace: string,
): Promise<ColdWorkers<ColdResult>> {
  const start = (name: 'twoWrites' | 'onceOnly' | 'worker') => () =>
    startCold(functions[name], batchOf([inboundBody()]), workspace, isHandled);
  const taken = await measureInRounds(
    { floor: start('twoWrites'), onceOnly: start('onceOnly'), worker: start('worker') },
    rounds,
    warmUp,
  );
  const result = (starts: readonly ColdStart[]) => coldResultOf(starts, taken.floor);
  return { floor: result(taken.floor), onceOnly: result(taken.onceOnly), worker: result(taken.worker) };
}
