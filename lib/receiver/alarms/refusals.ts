import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackOption } from '../../deployment.ts';
import { logsLink } from '../../monitoring/console-link.ts';
import { Monitoring } from '../../monitoring/monitoring.ts';
import { lossText, tail, twoOfThree, type WatchedReceiver } from './watched.ts';

/** Watches what the receiver refuses. */
export function addRefusalAlarms(scope: Construct, { function: { logGroup } }: WatchedReceiver): void {
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('SignedRefused', '', {
    metric: monitoring
      .count('SignedRefused', logGroup, [
        // The scheme is there once it has proved the request.
        { outcome: 'rejected', scheme: '*' },
        // Freshness is judged after the signature (lambda/zavu/signature.ts), and says no scheme.
        { outcome: 'rejected', reason: 'stale_signature' },
      ])
      .with({ period: Duration.minutes(5), statistic: 'Sum' }),
    threshold: 1,
    // Zavu's first three retries come within a quarter of an hour after one another: they are one incident.
    periods: { of: 3, breaching: 1 },
    because: 'no stranger can sign, so each refused request is an event of a customer.',
    impact: `Events that Zavu signed are refused: for their size, their age, or a secret that is bound to another sender. ${lossText}`,
    urgency: 'page',
    look: logsLink(logGroup),
    next: `${tail(logGroup)} --filter-pattern '{ $.outcome = "rejected" }'`,
  });
  monitoring.alarm('RejectedSignatures', '', {
    metric: monitoring
      .count('InvalidSignatures', logGroup, { outcome: 'rejected', reason: 'invalid_signature' })
      .with({ period: Duration.minutes(5) }),
    threshold: 20,
    periods: twoOfThree,
    because:
      'twenty in five minutes, twice, come from a sender whose secret is not stored, or from a stranger.',
    impact: `Requests match no stored secret. If a secret was rotated, its sender's events are refused. ${lossText}`,
    // Anybody can send forty of them.
    urgency: 'notice',
    look: logsLink(logGroup),
    next: `npx zavu-webhooks secrets list ${stackOption(scope)}`,
  });
}
