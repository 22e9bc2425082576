import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackOption } from '../../deployment.ts';
import { logsLink, queueLink } from '../../monitoring/console-link.ts';
import { Monitoring } from '../../monitoring/monitoring.ts';
import type { WatchedReceiver } from './watched.ts';

/** Watches for events that no worker handles: those whose type cannot be read, and all that wait in the queue. */
export function addUnroutedAlarms(scope: Construct, { function: fn, unroutedQueue }: WatchedReceiver): void {
  const monitoring = Monitoring.of(scope);
  const next = `npx zavu-webhooks unrouted list ${stackOption(scope)}`;
  monitoring.alarm('UnreadableEvents', '', {
    metric: monitoring
      .count('Unreadable', fn.logGroup, { outcome: 'unrouted', reason: 'unreadable' })
      .with({ period: Duration.minutes(1) }),
    threshold: 1,
    // Quiet again a quarter of an hour after the last, for the next to be told.
    periods: { of: 15, breaching: 1 },
    because: 'Zavu signs only events, and each has a type. One without a type means that their form changed.',
    impact:
      'Zavu signed a request from which no type can be read. It is kept in the unrouted queue and is not handled: customers get no answer.',
    urgency: 'page',
    look: logsLink(fn.logGroup),
    next,
  });
  monitoring.alarm('UnroutedEvents', '', {
    metric: unroutedQueue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    threshold: 1,
    because: 'an unrouted event waits until somebody writes a handler for it, or says whose it is.',
    impact: 'Zavu sends events that no worker may handle as they are. They are kept for 14 days, then lost.',
    urgency: 'notice',
    look: queueLink(unroutedQueue),
    next,
  });
}
