import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Receiver } from '../receiver/receiver.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { ServiceLevel } from '../service-levels/service-level.ts';
import type { Worker } from '../worker/worker.ts';

/** What the dashboard shows. */
export interface DashboardParts {
  receiver: Receiver;
  workers: readonly Worker[];
  tables: readonly TableV2[];
  reconciler: Reconciler | undefined;
  levels: readonly ServiceLevel[];
}
