import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { queriesLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import { driftQuery, savedQueryName } from '../monitoring/saved-queries.ts';

/**
 * Watches for events that differ from what is documented. All workers have one metric and one alarm, because the type and
 * the path say what to do, whichever worker has the event.
 *
 * @param scope of the workers, whose `Monitoring` has the alarm
 * @param logGroups the workers' log groups
 */
export function addDriftAlarm(scope: Construct, logGroups: readonly ILogGroup[]): void {
  const monitoring = Monitoring.of(scope);
  monitoring.alarm('SchemaDrift', '', {
    metric: monitoring.count('SchemaDrift', logGroups, { message: 'drift' }),
    threshold: 1,
    because: 'the catalogue and the envelope match everything that Zavu is known to send.',
    impact: `Zavu sends events that differ from what is documented: handlers may miss a field. The saved query "${driftQuery}" says which, by worker, type and path.`,
    urgency: 'notice',
    look: queriesLink(scope),
    next: `aws logs describe-query-definitions --query-definition-name-prefix '${savedQueryName(scope, driftQuery)}'`,
  });
}
