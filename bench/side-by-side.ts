import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { readAssumptions } from '../cli/cost/assumptions.ts';
import type { Bill } from '../cli/cost/bill.ts';
import { estimate } from '../cli/cost/estimate.ts';
import { shapeOf } from '../cli/cost/stack-shape.ts';
import type { Traffic } from '../cli/cost/traffic.ts';
import { synthesizeApp } from '../local/app/synthesis.ts';
import { readAssembly } from '../local/aws/template/assembly.ts';
import { bytesOf } from '../test/support/log-bytes.ts';
import type { ReportLine } from '../testing/report-line.ts';
import { startExpressSystem } from './express-system.ts';
import { apps, type Functions } from './functions.ts';
import { startLocalSystem, startPlainSystem } from './local-system.ts';
import type { Loopback } from './loopback.ts';
import { durationsOf, measureMemory } from './memory.ts';
import { type LogBytes, plainBill } from './plain-bill.ts';
import {
  type Latency,
  measureLatency,
  measureSurvival,
  measureThroughput,
  type Survival,
  type System,
  type Throughput,
  withSystem,
} from './system.ts';
import { WarmFunction } from './warm.ts';
import { batchOf, inboundBody, isHandled, isTaken, webhookOf } from './webhook.ts';

/** What was measured of the stack, or of what one would take instead. */
interface SystemResult {
  name: string;
  throughput?: Throughput;
  latency?: Latency;
  survival: Survival;
}

/** What a month of something costs. */
interface NamedBill {
  name: string;
  bill: Bill;
}

export interface SideBySide {
  systems: readonly SystemResult[];
  traffic: Traffic;
  bills: readonly NamedBill[];
}

/** The traffic that `npx zavu-webhooks cost` takes by default. */
const traffic: Traffic = { events: 10_000_000, payloadBytes: 2048, batch: 10 };

/** The stack and what one would take instead, with the same events, the same handler and the same kills. */
export async function measureSystems(
  workspace: string,
): Promise<{ systems: SystemResult[]; logBytes: LogBytes }> {
  const all = async (system: System, name: string) => {
    console.error(`  ${name}`);
    await measureThroughput(system, 500, 16);
    return {
      name,
      throughput: await measureThroughput(system, 2_000, 16),
      latency: await measureLatency(system, 50, 20),
      survival: await measureSurvival(system, 6),
    };
  };
  const directory = () => mkdtempSync(join(workspace, 'redis-'));
  const stack = await withSystem(startLocalSystem(), (system) => all(system, 'this stack, functions killed'));
  const plain = await withSystem(startPlainSystem(), async (system) => {
    const result = await all(system, 'plain stack, functions killed');
    return { result, logBytes: logBytesOf(system.lines()) };
  });
  const express = await withSystem(startExpressSystem(directory(), 'process'), (system) =>
    all(system, 'Express and BullMQ, process killed'),
  );
  const machine = await withSystem(startExpressSystem(directory(), 'machine'), async (system) => ({
    name: 'the same, Redis killed with it',
    survival: await measureSurvival(system, 6),
  }));
  return { systems: [stack, plain.result, express, machine], logBytes: plain.logBytes };
}

/**
 * What a month of them costs: the stack by the cost model, the plain stack by its counted calls.
 *
 * @param functions whose services take some milliseconds to answer, as AWS's do
 */
export async function measureBills(
  functions: Functions,
  loopback: Loopback,
  logBytes: LogBytes,
  workspace: string,
): Promise<Pick<SideBySide, 'traffic' | 'bills'>> {
  const { assumptions } = readAssumptions();
  const stackBill = async (context: Record<string, string>) => {
    const { directory } = await synthesizeApp(apps.stack, context, workspace, new AbortController().signal);
    return estimate(shapeOf(readAssembly(directory).resources), traffic, assumptions).bill;
  };
  const plain = { receiver: functions.plain, worker: functions.plainWorker };
  const memoryMb = { receiver: plain.receiver.memoryMb, worker: plain.worker.memoryMb };
  const sizes = [...new Set(Object.values(memoryMb))];
  const results = await measureMemory(plain, { rounds: 15, warmUp: 2 }, workspace, sizes);
  const calls = await countCalls(plain, loopback);
  const use = { memoryMb, durations: durationsOf(results, plain), calls, logBytes };
  return {
    traffic,
    bills: [
      { name: 'this stack', bill: await stackBill({}) },
      { name: 'without the messages table', bill: await stackBill({ messagesTable: 'false' }) },
      { name: 'plain stack', bill: plainBill(use, traffic, assumptions) },
    ],
  };
}

/** Counts what functions call for a request, for an event, and for an event that was handled before. */
async function countCalls(
  functions: Pick<Functions, 'receiver' | 'worker'>,
  loopback: Loopback,
): Promise<Record<'request' | 'event' | 'duplicate', Record<string, number>>> {
  const times = 50;
  const receiver = await WarmFunction.start(functions.receiver);
  const worker = await WarmFunction.start(functions.worker);
  const bodies = Array.from({ length: times }, inboundBody);
  const counted = async (invoke: () => Promise<unknown>) => {
    await loopback.calls('keep');
    await invoke();
    const calls = await loopback.calls('keep');
    return Object.fromEntries(Object.entries(calls).map(([operation, count]) => [operation, count / times]));
  };
  const requests = () => receiver.invoke(bodies.map(webhookOf), isTaken);
  const batch = () => worker.invoke([batchOf(bodies)], isHandled);
  // The first also reads the secret.
  await requests();
  const result = {
    request: await counted(requests),
    event: await counted(batch),
    duplicate: await counted(batch),
  };
  for (const each of [receiver, worker]) await each.stop();
  return result;
}

/** What functions and Lambda wrote in a local run of the plain stack: for a request, for an event, and for a batch. */
function logBytesOf(lines: readonly ReportLine[]): LogBytes {
  const of = (name: string, ...kinds: string[]) =>
    lines.filter(({ event, function: by = '' }) => by.startsWith(name) && kinds.includes(event));
  const bytes = (found: readonly ReportLine[]) =>
    found.reduce((sum, { line = '' }) => sum + bytesOf(line), 0);
  const invocations = (found: readonly ReportLine[]) =>
    found.filter(({ line }) => line?.startsWith('START ')).length;
  const own = of('worker', 'log', 'metrics');
  const ofRequests = of('receiver', 'log', 'metrics', 'platform');
  const ofBatches = of('worker', 'platform');
  return {
    request: bytes(ofRequests) / invocations(ofRequests),
    event: bytes(own) / own.length,
    batch: bytes(ofBatches) / invocations(ofBatches),
  };
}
