import { Construct } from 'constructs';
import { stackOption } from '../deployment.ts';
import { logsLink } from '../monitoring/console-link.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import type { Receiver } from '../receiver/receiver.ts';
import type { Worker } from '../worker/worker.ts';
import { acceptance } from './acceptance.ts';
import { addBurnAlarms } from './alarms.ts';
import { handling } from './handling.ts';
import type { ServiceLevel } from './service-level.ts';

interface ServiceLevelsProps {
  receiver: Receiver;
  workers: readonly Worker[];
}

/** The two levels that the stack keeps (docs/reliability.md), and the alarms that tell when it does not. */
export class ServiceLevels extends Construct {
  readonly all: readonly ServiceLevel[];

  constructor(scope: Construct, id: string, { receiver, workers }: ServiceLevelsProps) {
    super(scope, id);
    const accepted = acceptance(receiver.api);
    const handled = handling(
      Monitoring.of(this).namespace,
      workers.map((worker) => worker.function.logGroup),
    );
    addBurnAlarms(this, accepted, {
      impact: 'Requests end in 5xx more often than the level allows. Zavu sends them again, a few times.',
      look: logsLink(receiver.accessLogs),
      next: `aws logs tail ${receiver.accessLogs.logGroupName} --since 1h --filter-pattern '{ $.status = "5*" }'`,
    });
    const [first] = workers;
    addBurnAlarms(this, handled, {
      impact:
        'More events than the level allows are handled later than 60 s after their acceptance, or are dead-lettered: customers wait.',
      look: logsLink((first ?? receiver).function.logGroup),
      next: `npx zavu-webhooks dead-letters list ${stackOption(this)}`,
    });
    this.all = [accepted, handled];
  }
}
