import type { Allocations } from './allocations.ts';
import type { ColdResult } from './cold.ts';
import type { ColdWorkers } from './cold-worker.ts';
import { section, spread, table } from './markdown.ts';
import type { MemoryResult } from './memory.ts';
import type { ColdReceiverResult, OfReceivers, VerificationResult, WarmResult } from './receiver.ts';
import type { Spread } from './statistics.ts';
import type { WorkerResult, WorkerResults } from './worker.ts';

/** A new process until its first 200. */
export function coldSection({ floor, receiver, plain }: OfReceivers<ColdReceiverResult>): string {
  const row = (name: string, of: ColdReceiverResult) => [
    name,
    spread(of.cpuMs, 1),
    `${of.bootCpuMs.median.toFixed(1)} + ${of.initCpuMs.median.toFixed(1)} + ${of.firstCpuMs.median.toFixed(1)}`,
    spread(of.wallMs, 1),
    spread(of.cpuOfFloor),
    spread(of.cpuOfPlain),
  ];
  return section(
    'Cold receiver',
    'A new process until its first 200. The floor hashes once and POSTs once, over `node:https`. The ' +
      'plain build is the receiver of the plain stack: the SDK’s clients, Powertools and zod, bundled by `NodejsFunction`.',
    table(
      ['', 'CPU, ms', 'Node + init + request', 'by the clock, ms', '× floor', '× plain build'],
      [row('floor', floor), row('receiver', receiver), row('plain build', plain)],
    ),
  );
}

/** A new process until its first event is handled. */
export function coldWorkerSection({ floor, onceOnly, worker }: ColdWorkers<ColdResult>): string {
  const row = (name: string, of: ColdResult) => [
    name,
    spread(of.cpuMs, 1),
    `${of.bootCpuMs.median.toFixed(1)} + ${of.initCpuMs.median.toFixed(1)} + ${of.firstCpuMs.median.toFixed(1)}`,
    spread(of.wallMs, 1),
    spread(of.cpuOfFloor),
  ];
  return section(
    'Cold worker',
    'A new process until its first event is handled. The floor makes two raw writes to DynamoDB with the SDK’s client.',
    table(
      ['', 'CPU, ms', 'Node + init + event', 'by the clock, ms', '× floor'],
      [
        row('floor', floor),
        row('without the messages table', onceOnly),
        row('with the messages table', worker),
      ],
    ),
  );
}

/** Requests, and verification alone. */
export function warmSection({
  requests,
  verification,
}: {
  requests: OfReceivers<WarmResult>;
  verification: readonly VerificationResult[];
}): string {
  const row = (name: string, of: WarmResult) => [
    name,
    spread(of.cpuMs, 3),
    spread(of.wallMs, 3),
    spread(of.cpuOfFloor),
  ];
  const { floor, receiver, plain } = requests;
  return section(
    'Warm receiver',
    'One request after the other, against a service on the same machine over TLS.',
    table(
      ['', 'CPU, ms', 'by the clock, ms', '× floor'],
      [row('floor', floor), row('receiver', receiver), row('plain build', plain)],
    ),
    'Verification alone, against nothing but `createHmac` over the same bytes:',
    table(
      ['body', 'verify, ns', '`createHmac`, ns', '×', 'verify, ns per KB'],
      verification.map(({ bodyBytes, verifyNs, hmacNs, ofHmac }) => [
        `${bodyBytes / 1024} KB`,
        verifyNs.median.toFixed(0),
        hmacNs.median.toFixed(0),
        spread(ofHmac),
        (verifyNs.median / (bodyBytes / 1024)).toFixed(0),
      ]),
    ),
  );
}

/** Events by the size of batches. */
export function workerSection({ twoWrites, onceOnly, duplicates, worker, plain }: WorkerResults): string {
  const rows = (name: string, of: readonly WorkerResult[]) =>
    of.map(({ batchSize, cpuMsPerEvent, wallMsPerBatch, cpuOfTwoWrites, callsPerEvent }) => [
      name,
      String(batchSize),
      spread(cpuMsPerEvent, 3),
      spread(wallMsPerBatch, 1),
      spread(cpuOfTwoWrites),
      Object.entries(callsPerEvent)
        .map(([operation, count]) => `${count} ${operation}`)
        .join(', '),
    ]);
  return section(
    'Worker',
    'What an event costs, by the size of batches, against two raw writes of DynamoDB with the SDK. The plain worker is the one of the ' +
      'plain stack: Powertools’ batch processor, idempotency and logger. Calls are counted by the service that is called.',
    table(
      ['', 'batch', 'CPU per event, ms', 'batch by the clock, ms', '× two writes', 'calls per event'],
      [
        ...rows('two writes', twoWrites),
        ...rows('once-only', onceOnly),
        ...rows('a duplicate', duplicates),
        ...rows('with the messages table', worker),
        ...rows('plain worker', plain),
      ],
    ),
  );
}

/** What is made of V8's heap for an event. */
export function allocationsSection({ floor, receiver, worker }: Allocations): string {
  const row = (name: string, of: Spread) => [name, spread({ ...of, ...kilobytes(of) }, 1)];
  return section(
    'Allocations',
    'Of V8’s heap, for a request and for an event in a batch of ten, by code that V8 has not compiled for speed: so the number ' +
      'does not depend on the machine. `test/support/budgets.ts` has their budgets.',
    table(['', 'KB'], [row('floor', floor), row('receiver', receiver), row('worker', worker)]),
  );
}

function kilobytes({ median, lower, upper }: Spread) {
  return { median: median / 1_000, lower: lower / 1_000, upper: upper / 1_000 };
}

/** How long functions take by their memory. */
export function memorySection(results: readonly MemoryResult[]): string {
  return section(
    'Memory',
    'In a control group that has as much of a processor as the memory buys on Lambda, with services that take 6 ms to ' +
      'answer. Dollars are for compute alone, per million.',
    table(
      [
        'MB',
        'init, ms',
        'first request, ms',
        'warm request, ms',
        '$ requests',
        'one event, ms',
        'batch of ten, ms',
        '$ events',
      ],
      results.map(({ memoryMb, initMs, firstMs, requestMs, requestsCost, singleMs, batchMs, eventsCost }) => [
        String(memoryMb),
        spread(initMs, 0),
        spread(firstMs, 0),
        spread(requestMs, 1),
        requestsCost.toFixed(3),
        spread(singleMs, 0),
        spread(batchMs, 0),
        eventsCost.toFixed(3),
      ]),
    ),
  );
}
