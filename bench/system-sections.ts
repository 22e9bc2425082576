import { section, table, whole } from './markdown.ts';
import type { SideBySide } from './side-by-side.ts';

/** What one would take instead. */
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
