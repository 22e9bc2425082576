import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { canaryType } from '../../../lambda/routing/canary-event.ts';
import { stackOption } from '../../deployment.ts';
import { logsLink } from '../../monitoring/console-link.ts';
import { Monitoring } from '../../monitoring/monitoring.ts';
import { settingsOf } from '../../settings/scope.ts';
import type { WatchedReceiver } from './watched.ts';

/** Watches that events keep coming, if the setting `noTrafficAlarmHours` says that they always do. */
export function addTrafficAlarm(scope: Construct, { function: fn, accessLogs }: WatchedReceiver): void {
  const { noTrafficAlarmHours: hours } = settingsOf(scope);
  if (!hours) return;
  const monitoring = Monitoring.of(scope);
  // A line has an id once its event was accepted. What the canary sends says nothing of Zavu.
  const ofZavu = { id: '*', type: { not: canaryType } };
  const received = monitoring.count('Received', fn.logGroup, ofZavu).with({ period: Duration.hours(1) });
  monitoring.heartbeat('NothingReceived', {
    begun: received,
    metric: received,
    threshold: 1,
    periods: { of: hours, breaching: hours },
    because: `the setting noTrafficAlarmHours says that events never stop for ${hours} h.`,
    impact:
      'Zavu sends nothing: its webhook is switched off, or has another URL. Events that Zavu drops are lost.',
    urgency: 'page',
    look: logsLink(accessLogs),
    next: `npx zavu-webhooks register --sender <id> ${stackOption(scope)}`,
  });
}
