import { UsageError } from '../../shared/command.ts';
import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import type { Traffic } from '../traffic.ts';
import type { Usage } from '../units.ts';
import { archiveUsage } from './archive.ts';
import { canaryUsage } from './canary.ts';
import { fixedUsage } from './fixed.ts';
import { receiverUsage, workerUsage } from './functions.ts';
import { logUsage, traceUsage } from './logs.ts';
import { pausesUsage } from './pauses.ts';
import { busUsage, queueUsage } from './queues.ts';
import { reconcileUsage } from './reconcile.ts';
import { idempotencyUsage, messagesUsage } from './tables.ts';

/**
 * What a stack uses of AWS in a month.
 *
 * @throws UsageError if a batch is larger than the template's
 */
export function usageOf(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (traffic.batch < 1 || traffic.batch > shape.batchSize) {
    throw new UsageError(`--batch must be between 1 and ${shape.batchSize}, the template's batch size.`);
  }
  const byTraffic = [
    ...receiverUsage(shape, traffic, assumptions),
    ...queueUsage(shape, traffic, assumptions),
    ...workerUsage(shape, traffic, assumptions),
    ...idempotencyUsage(shape, traffic, assumptions),
    ...messagesUsage(shape, traffic, assumptions),
    ...logUsage(shape, traffic, assumptions),
    ...traceUsage(shape, traffic, assumptions),
    ...busUsage(shape, traffic),
    ...archiveUsage(shape, traffic, assumptions),
  ];
  return [
    ...byTraffic.filter(({ units }) => units > 0),
    ...fixedUsage(shape, assumptions, traffic.events > 0),
    ...canaryUsage(shape, assumptions),
    ...pausesUsage(shape, assumptions),
    ...reconcileUsage(shape, traffic, assumptions),
  ];
}
