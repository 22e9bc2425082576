import { Aws, Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard as CloudWatchDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { deploymentName } from '../deployment.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import { showCost } from './cost.ts';
import { showFailures } from './failures.ts';
import { showFlow } from './flow.ts';
import { showLevels } from './levels.ts';
import { countForDashboard } from './own-metrics.ts';
import type { DashboardParts } from './parts.ts';
import { showReceiving } from './receiving.ts';
import { showRecovery } from './recovery.ts';
import { showSpeed } from './speed.ts';

/**
 * One dashboard that answers, from top to bottom: does an alarm fire, do we keep our levels, are we receiving, how fast, is
 * it flowing, what failed, what did Zavu give up on, what does it cost.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, parts: DashboardParts) {
    super(scope, id);
    const { alarms, namespace } = Monitoring.of(this);
    countForDashboard(this, parts);
    new CloudWatchDashboard(this, 'Resource', {
      // Dashboards are global in an account: without the region a second stack could not be deployed.
      dashboardName: `${deploymentName(this)}-${Aws.REGION}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
        ...showLevels(parts),
        ...showReceiving(parts, namespace),
        ...showSpeed(parts, namespace),
        ...showFlow(parts, namespace),
        ...showFailures(parts, namespace),
        ...showRecovery(parts, namespace),
        ...showCost(parts),
      ],
    });
  }
}
