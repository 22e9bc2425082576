import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CustomDataIdentifier,
  DataIdentifier,
  DataProtectionPolicy,
  type ILogGroup,
} from 'aws-cdk-lib/aws-logs';
import { mostMetrics } from '../guardrails/alarm-rules.ts';
import { logsLink } from './console-link.ts';
import type { Monitoring } from './monitoring.ts';

/**
 * What AWS knows to find: all telephone numbers that it has, e-mail addresses, its own secret keys. Telephone
 * numbers and secret keys count only near a word such as `phone` or `secret key`.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-managed-data-identifiers.html
 */
const managed = [
  DataIdentifier.EMAILADDRESS,
  DataIdentifier.AWSSECRETKEY,
  DataIdentifier.PHONENUMBER_BR,
  DataIdentifier.PHONENUMBER_DE,
  DataIdentifier.PHONENUMBER_ES,
  DataIdentifier.PHONENUMBER_FR,
  DataIdentifier.PHONENUMBER_GB,
  DataIdentifier.PHONENUMBER_IT,
  DataIdentifier.PHONENUMBER_US,
];

/**
 * What only Zavu's traffic has. No line of ours holds any of these: an event's id has no plus, and a code version
 * twelve digits. Nor does any line of Lambda's own: its INIT_START ends with `runtime:` and 64 hexadecimal digits, so a
 * signature counts only after another character than a colon, as in `v1=`, `sha256=` or a string of JSON. The two
 * ranges are all of ASCII from the space to `z` without the colon, which AWS does not let a pattern name. Characters
 * and lengths are bounded:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
 */
const own = [
  new CustomDataIdentifier('ZavuSigningSecret', 'whsec_[A-Za-z0-9_-]+'),
  new CustomDataIdentifier('ZavuSignature', '[ -9;-z][0-9a-f]{64}'),
  new CustomDataIdentifier('InternationalPhoneNumber', '[+][1-9][0-9]{6,14}'),
];

/**
 * A second net under the logs, whose first is the allow-list of lambda/shared/log.ts: what looks like a secret, a
 * signature or an address is masked for all who lack `logs:Unmask`. What it finds is reported nowhere but in a metric.
 */
export function createLogDataProtection(): DataProtectionPolicy {
  return new DataProtectionPolicy({
    name: 'zavu-webhooks',
    description: 'Masks what must never be logged, in case that it is',
    identifiers: [...managed, ...own],
  });
}

/**
 * Rings at the first finding in any of these log groups: a line that should not be there is somebody's to mend. An alarm
 * watches as many groups as CloudWatch lets it, so many workers make several alarms.
 */
export function watchLogFindings(monitoring: Monitoring, logGroups: readonly ILogGroup[]): void {
  for (let start = 0; start < logGroups.length; start += mostMetrics) {
    const [first, ...others] = logGroups.slice(start, start + mostMetrics);
    if (first) watchTogether(monitoring, start === 0 ? '' : `From${start + 1}`, [first, ...others]);
  }
}

function watchTogether(
  monitoring: Monitoring,
  subject: string,
  logGroups: readonly [ILogGroup, ...ILogGroup[]],
): void {
  const period = Duration.minutes(5);
  const findings = logGroups.map(({ logGroupName }, index) => [
    `findings${index}`,
    // AWS's own, and free.
    new Metric({
      namespace: 'AWS/Logs',
      metricName: 'LogEventsWithFindings',
      dimensionsMap: { DataProtectionOperation: 'Audit', LogGroupName: logGroupName },
      statistic: 'Sum',
      period,
    }),
  ]);
  monitoring.alarm('ConfidentialLogs', subject, {
    metric: new MathExpression({
      expression: 'SUM(METRICS())',
      usingMetrics: Object.fromEntries(findings),
      label: 'Log lines with something to mask',
      period,
    }),
    threshold: 1,
    because: 'the allow-list of log fields lets none of these through, so a healthy stack has none.',
    impact: 'A function logs what looks like an address, a secret or a signature. It is masked, and stored.',
    urgency: 'notice',
    look: logsLink(logGroups[0]),
    next: 'aws cloudwatch list-metrics --namespace AWS/Logs --metric-name LogEventsWithFindings',
  });
}
