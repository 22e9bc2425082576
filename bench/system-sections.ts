import type { BuildResult } from './build.ts';
import { section, spread, table, whole } from './markdown.ts';
import type { SideBySide } from './side-by-side.ts';
import type { Burst, Latency, Percentiles, Throughput } from './system.ts';

export interface StackResult {
  throughput: Throughput;
  latency: Latency;
  burst: Burst;
}

/** Part 4: the local run. */
export function stackSection({ throughput, latency, burst }: StackResult): string {
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
        [`burst of ${whole(burst.events)}: all taken after`, `${burst.takenSeconds.toFixed(1)} s`],
        ['all handled after that in', `${burst.drainSeconds.toFixed(1)} s`],
      ],
    ),
  );
}

/** Part 5: what one would take instead. */
export function alternativesSection({ systems, traffic, bills }: SideBySide): string {
  const usdOf = ({ total }: { total: number }) => ((total / traffic.events) * 1e6).toFixed(2);
  const components = [...new Set(bills.flatMap(({ bill }) => bill.components.map((each) => each.component)))];
  const part = (bill: (typeof bills)[number]['bill'], component: string) =>
    bill.components.find((each) => each.component === component)?.usd ?? 0;
  return section(
    'Side by side',
    'What one would take instead, with the same events, the same handler (a line in a file and one in the log) and the same ' +
      'kills. The plain stack is what AWS’s own samples have: an HTTP API, a receiver with the SDK, a queue with a dead-letter ' +
      'queue, and a worker with Powertools’ batch processor and idempotency, bundled by `NodejsFunction`. It and this stack, ' +
      'without the messages table, run in the local run. Its queues and tables are emulators written in JavaScript, so ' +
      'the rate says little, and their processor time is left out. The Express route of Zavu’s webhook guide with BullMQ ' +
      'is one process with Debian’s settings for Redis, whose processor time counts. What is lost, when everything that ' +
      'runs code is killed under load, does not depend on that.',
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
        whole(events),
        String(kills),
        whole(lost),
        String(doubled),
      ]),
    ),
    `Dollars per million on AWS, for ${whole(traffic.events)} events a month of ${traffic.payloadBytes / 1024} KB in batches of ` +
      `${traffic.batch}: this stack as \`npx zavu-webhooks cost\` has it, and the plain stack by the calls, the durations and the ` +
      'log lines that were counted, with the same prices and rates. The Express route has no price per event: a machine and its ' +
      'Redis are paid by the month, whatever comes.',
    table(
      ['', ...bills.map(({ name }) => name)],
      [
        ...components.map((component) => [
          component,
          ...bills.map(({ bill }) => usdOf({ total: part(bill, component) })),
        ]),
        ['all', ...bills.map(({ bill }) => usdOf(bill))],
      ],
    ),
  );
}

/** Part 6: synthesis, bundles, installation. */
export function buildSection({ synthSeconds, bundles, install }: BuildResult): string {
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  return section(
    'Build',
    `Synthesis, with all bundles: ${spread(synthSeconds, 1)} s. \`npm ci\`: ${install.packages} packages, ` +
      `${(install.bytes / 1024 ** 2).toFixed(0)} MB, Node among them, in ${install.seconds.toFixed(0)} s.`,
    table(
      ['bundle', 'as deployed', 'gzip'],
      bundles.map(({ name, deployed, packed }) => [name, kilobytes(deployed), kilobytes(packed)]),
    ),
  );
}

function milliseconds({ p50, p99 }: Percentiles): string {
  return `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
}
