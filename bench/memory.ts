import { setTimeout as sleep } from 'node:timers/promises';
import type { Assumptions } from '../cli/cost/assumptions.ts';
import { costOf, prices } from '../cli/cost/prices.ts';
import { startCold } from './cold.ts';
import { CpuQuota } from './cpu-quota.ts';
import type { Functions, Subject } from './functions.ts';
import { measureInRounds } from './rounds.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { WarmFunction } from './warm.ts';
import { batchOf, inboundBody, isHandled, isTaken, webhookOf } from './webhook.ts';

export interface MemoryResult {
  memoryMb: number;
  /** Milliseconds by the clock until a function can be called, Node's own start among them. */
  receiverStartMs: Spread;
  workerStartMs: Spread;
  /** A receiver's own part of that, its first request, and a request when warm. */
  initMs: Spread;
  firstMs: Spread;
  requestMs: Spread;
  /** A worker's batch of one event, and of ten. */
  singleMs: Spread;
  batchMs: Spread;
  /** Dollars for the processor time of a million requests, and of a million events in batches of ten. */
  requestsCost: number;
  eventsCost: number;
}

const allSizes = [128, 256, 512, 1024, 1769];

/**
 * How long functions take by their memory, which is what buys processor time, and what that costs: the curve by
 * which the defaults were chosen.
 *
 * @param functions whose services take some milliseconds to answer, as AWS's do
 * @param sizes in MB. @default from the least to a whole processor
 * @throws Error if the machine has no control groups for us
 */
export async function measureMemory(
  { receiver, worker }: Pick<Functions, 'receiver' | 'worker'>,
  effort: { rounds: number; warmUp: number },
  workspace: string,
  sizes: readonly number[] = allSizes,
): Promise<MemoryResult[]> {
  const results: MemoryResult[] = [];
  for (const memoryMb of sizes) {
    const quota = new CpuQuota(memoryMb);
    const throttled = (subject: Subject): Subject => ({
      ...subject,
      environment: { ...subject.environment, CPU_QUOTA: quota.file },
    });
    const [warmReceiver, warmWorker] = [
      await WarmFunction.start(throttled(receiver)),
      await WarmFunction.start(throttled(worker)),
    ];
    const starting = {
      receiver: () => startCold(throttled(receiver), webhookOf(inboundBody()), workspace, isTaken),
      worker: () => startCold(throttled(worker), batchOf([inboundBody()]), workspace, isHandled),
    };
    // Apart, as requests come: a slice of processor time that was used up is there again.
    const request = async () => {
      await sleep(50);
      return (await warmReceiver.invoke([webhookOf(inboundBody())], isTaken)).wallMs;
    };
    const batch = (length: number) => async () => {
      await sleep(50);
      return (await warmWorker.invoke([batchOf(Array.from({ length }, inboundBody))], isHandled)).wallMs;
    };
    const subjects = { request, single: batch(1), ten: batch(10) };
    const taken = await measureInRounds(subjects, effort.rounds * 5, effort.warmUp * 5);
    const starts = await measureInRounds(starting, effort.rounds, effort.warmUp);
    for (const each of [warmReceiver, warmWorker]) await each.stop();
    quota.remove();

    const requestMs = spreadOf(taken.request);
    const batchMs = spreadOf(taken.ten);
    const dollars = (milliseconds: number) =>
      costOf((1_000_000 * Math.ceil(milliseconds) * (memoryMb / 1024)) / 1000, prices.lambdaCompute);
    results.push({
      memoryMb,
      receiverStartMs: spreadOf(starts.receiver.map(({ startWallMs }) => startWallMs)),
      workerStartMs: spreadOf(starts.worker.map(({ startWallMs }) => startWallMs)),
      initMs: spreadOf(starts.receiver.map(({ initWallMs }) => initWallMs)),
      firstMs: spreadOf(starts.receiver.map(({ firstWallMs }) => firstWallMs)),
      requestMs,
      singleMs: spreadOf(taken.single),
      batchMs,
      requestsCost: dollars(requestMs.median),
      eventsCost: dollars(batchMs.median) / 10,
    });
  }
  return results;
}

/** In milliseconds. */
export type Durations = Pick<Assumptions['durations'], 'receiver' | 'worker'>;

/**
 * What the cost model takes of it (cli/cost/assumptions.ts): how long functions take with the memory that they have
 * by default.
 *
 * @throws Error if one of these sizes was not measured
 */
export function durationsOf(
  results: readonly MemoryResult[],
  functions: Pick<Functions, 'receiver' | 'worker'>,
): Durations {
  const at = (memoryMb: number) => {
    const result = results.find((each) => each.memoryMb === memoryMb);
    if (!result)
      throw new Error(`No function was measured with ${memoryMb} MB: see \`allSizes\` in bench/memory.ts.`);
    return result;
  };
  const [receiver, worker] = [at(functions.receiver.memoryMb), at(functions.worker.memoryMb)];
  const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
  const eventMs = (worker.batchMs.median - worker.singleMs.median) / 9;
  return {
    receiver: {
      initMs: round(receiver.receiverStartMs.median),
      invocationMs: round(receiver.requestMs.median),
    },
    worker: {
      initMs: round(worker.workerStartMs.median),
      batchMs: round(worker.singleMs.median - eventMs),
      eventMs: round(eventMs),
    },
  };
}
