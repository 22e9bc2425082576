import type { BuildResult } from './build.ts';
import { section, spread, table, whole } from './markdown.ts';
import type { Burst, Latency, Percentiles, Survival, Throughput } from './system.ts';

export interface StackResult {
  throughput: Throughput;
  latency: Latency;
  burst: Burst;
}

/** What was measured of the stack, or of what one would write instead. */
export interface SystemResult {
  name: string;
  throughput?: Throughput;
  latency?: Latency;
  survival: Survival;
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

/** Part 5: what one would write instead. */
export function expressSection(systems: readonly SystemResult[]): string {
  return section(
    'Against a route of one’s own',
    'The Express route of Zavu’s webhook guide with BullMQ on Redis, as one process and Debian’s settings, and this stack as `npm start` runs ' +
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
        whole(events),
        String(kills),
        whole(lost),
        String(doubled),
      ]),
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
