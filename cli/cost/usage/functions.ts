import type { Assumptions } from '../assumptions.ts';
import { workerShares } from '../shares.ts';
import type { StackShape } from '../stack-shape.ts';
import { batchesOf, requestsOf, type Traffic } from '../traffic.ts';
import { gigabyte, kilobyte, secondsAMonth, type Usage } from '../units.ts';

/** What the HTTP API, the receiver and its reads of the secret use. */
export function receiverUsage(
  { receiverMb }: StackShape,
  traffic: Traffic,
  assumptions: Assumptions,
): Usage[] {
  const { durations, rates, bytes } = assumptions;
  const requests = requestsOf(traffic, assumptions);
  // HTTP APIs are charged in steps of 512 KB.
  const steps = Math.ceil(traffic.payloadBytes / (512 * kilobyte));
  const perSecond = requests / secondsAMonth;
  const environments = Math.ceil((perSecond * durations.receiver.invocationMs) / 1000);
  // Each execution environment reads the secret when it starts, and every five minutes while it is used.
  const secretCalls = Math.min(requests, (environments * secondsAMonth) / 300 + requests * rates.coldStarts);
  return [
    { component: 'HTTP API', price: 'httpApi', units: requests * steps },
    { component: 'HTTP API', price: 'dataOut', units: (requests * bytes.answer) / gigabyte },
    ...invocations('receiver', receiverMb, requests, durations.receiver, rates.coldStarts),
    { component: 'secret', price: 'secretCalls', units: secretCalls },
  ];
}

/** What the workers' functions use. */
export function workerUsage(shape: StackShape, traffic: Traffic, assumptions: Assumptions): Usage[] {
  const { durations, rates } = assumptions;
  const shares = workerShares(shape, assumptions);
  const { initMs, batchMs, eventMs } = durations.worker;
  const times = { initMs, invocationMs: batchMs + eventMs * traffic.batch };
  const batches = batchesOf(traffic, assumptions);
  return shape.workers.flatMap(({ name, memoryMb }) =>
    invocations('workers', memoryMb, batches * (shares[name] ?? 0), times, rates.coldStarts),
  );
}

/**
 * What a function's invocations use: whole milliseconds, and the starts of its execution environments.
 *
 * @see https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/ AWS bills the starts since August 2025
 */
function invocations(
  component: string,
  memoryMb: number,
  count: number,
  { initMs, invocationMs }: { initMs: number; invocationMs: number },
  coldStarts: number,
): Usage[] {
  const seconds = (count * (Math.ceil(invocationMs) + coldStarts * Math.ceil(initMs))) / 1000;
  return [
    { component, price: 'lambdaRequests', units: count },
    { component, price: 'lambdaCompute', units: (seconds * memoryMb) / 1024 },
  ];
}
