import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import { batchesOf, receivedOf, requestsOf, type Traffic } from '../traffic.ts';
import { daysAMonth, gigabyte, secondsAMonth, type Usage } from '../units.ts';

/** What the log groups use. */
export function logUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { bytes, logCompression } = assumptions;
  const requests = requestsOf(traffic, assumptions);
  const functionLogs = requests * bytes.receiverLogs + receivedOf(traffic, assumptions) * bytes.workerLogs;
  const allLogs = (functionLogs + requests * bytes.accessLog) / gigabyte;
  const stored = allLogs * logCompression * (shape.logRetentionDays / daysAMonth);
  return [
    { component: 'logs', price: 'logs', units: allLogs },
    { component: 'logs', price: 'logStorage', units: stored },
  ];
}

/**
 * What the traces use. Lambda records one request a second and 5 percent of the others. A batch that holds a message
 * of a recorded request is a trace of its own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function traceUsage({ isTraced }: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  if (!isTraced) return [];
  const requests = requestsOf(traffic, assumptions);
  const always = Math.min(requests, secondsAMonth);
  const recorded = always + 0.05 * (requests - always);
  const batches = Math.min(batchesOf(traffic, assumptions), recorded);
  return [{ component: 'traces', price: 'traces', units: recorded + batches }];
}
