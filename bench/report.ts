import type { BuildResult } from './build.ts';
import type { Group } from './chart.ts';
import type { Durations, MemoryResult } from './memory.ts';
import type { ColdResult, VerificationResult, WarmResult } from './receiver.ts';
import type { Spread } from './statistics.ts';
import type { Burst, Latency, Percentiles, Survival, Throughput } from './system.ts';
import type { WorkerResult, WorkerResults } from './worker.ts';

type OfReceivers<Result> = { floor: Result; receiver: Result; plain: Result };

/** What each part measured; those that did not run are missing. */
export interface Results {
  cold?: OfReceivers<ColdResult>;
  warm?: { requests: OfReceivers<WarmResult>; verification: readonly VerificationResult[] };
  worker?: WorkerResults;
  memory?: readonly MemoryResult[];
  durations?: Durations;
  stack?: { throughput: Throughput; latency: Latency; burst: Burst };
  express?: readonly { name: string; throughput?: Throughput; latency?: Latency; survival: Survival }[];
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

function coldSection({ floor, receiver, plain }: OfReceivers<ColdResult>): string {
  const row = (name: string, of: ColdResult) => [
    name,
    spread(of.cpuMs, 1),
    `${of.bootCpuMs.median.toFixed(1)} + ${of.initCpuMs.median.toFixed(1)} + ${of.firstCpuMs.median.toFixed(1)}`,
    spread(of.wallMs, 1),
    spread(of.cpuOfFloor),
    spread(of.cpuOfPlain),
  ];
  return section(
    'Cold receiver',
    'A new process until its first 200. The floor imports `node:crypto` and `node:https`, hashes once and POSTs once. The ' +
      'plain build is the SDK’s clients, Powertools and zod, bundled as `NodejsFunction` does.',
    table(
      ['', 'CPU, ms', 'Node + init + request', 'by the clock, ms', '× floor', '× plain build'],
      [row('floor', floor), row('receiver', receiver), row('plain build', plain)],
    ),
  );
}

function warmSection({ requests, verification }: NonNullable<Results['warm']>): string {
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

function workerSection({ twoWrites, onceOnly, duplicates, worker }: WorkerResults): string {
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
    'What an event costs, by the size of batches, against two raw writes of DynamoDB with the SDK. Calls are counted by the ' +
      'service that is called.',
    table(
      ['', 'batch', 'CPU per event, ms', 'batch by the clock, ms', '× two writes', 'calls per event'],
      [
        ...rows('two writes', twoWrites),
        ...rows('once-only', onceOnly),
        ...rows('a copy of an event', duplicates),
        ...rows('with the messages table', worker),
      ],
    ),
  );
}

function memorySection(results: readonly MemoryResult[]): string {
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

function stackSection({ throughput, latency, burst }: NonNullable<Results['stack']>): string {
  return section(
    'End to end',
    'Through `npm start`: gateway, functions, queues and tables all on this machine, and the load, too. It says that nothing ' +
      'grows worse with load; how much AWS takes is another matter ([docs/scaling.md](../docs/scaling.md)).',
    table(
      ['', ''],
      [
        ['events a second, sustained', throughput.perSecond.toFixed(0)],
        [`from POST to answer, at ${latency.perSecond} a second`, milliseconds(latency.answerMs)],
        [`from POST to handled, at ${latency.perSecond} a second`, milliseconds(latency.handledMs)],
        [
          `burst of ${burst.events.toLocaleString('en-US')}: all taken after`,
          `${burst.takenSeconds.toFixed(1)} s`,
        ],
        ['all handled after that in', `${burst.drainSeconds.toFixed(1)} s`],
      ],
    ),
  );
}

function expressSection(systems: NonNullable<Results['express']>): string {
  return section(
    'Against a route of one’s own',
    'The guide’s Express route with BullMQ on Redis, as one process and Debian’s settings, and this stack as `npm start` runs ' +
      'it. The same events, a handler that writes a line. The stack’s queues and tables are emulators written in ' +
      'JavaScript, so its rate says little; what is lost, when everything that runs code is killed under load, does not ' +
      'depend on that.',
    table(
      [
        '',
        'events a second',
        'answer p99, ms',
        'CPU per event, ms',
        'acknowledged',
        'kills',
        'lost',
        'handled twice',
      ],
      systems.map(({ name, throughput, latency, survival: { events, kills, lost, doubled } }) => [
        name,
        throughput?.perSecond.toFixed(0) ?? '',
        latency?.answerMs.p99.toFixed(1) ?? '',
        throughput?.cpuMsPerEvent.toFixed(2) ?? '',
        events.toLocaleString('en-US'),
        String(kills),
        lost.toLocaleString('en-US'),
        String(doubled),
      ]),
    ),
  );
}

function buildSection({ synthSeconds, bundles, install }: BuildResult): string {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  return section(
    'Build',
    `Synthesis, with all bundles: ${spread(synthSeconds, 1)} s. \`npm ci\`: ${install.packages} packages, ` +
      `${(install.bytes / 1024 ** 2).toFixed(0)} MB, Node among them, in ${install.seconds.toFixed(0)} s.`,
    table(
      ['bundle', 'as deployed', 'gzip'],
      bundles.map(({ name, bytes, packedBytes }) => [name, kilobytes(bytes), kilobytes(packedBytes)]),
    ),
  );
}

function section(title: string, ...paragraphs: readonly string[]): string {
  return [`## ${title}`, ...paragraphs].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A median, and between which values the middle half lies. */
function spread({ median, lower, upper }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

function milliseconds({ p50, p99 }: Percentiles): string {
  return `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
}
