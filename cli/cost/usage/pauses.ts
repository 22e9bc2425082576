import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import { gigabyte, secondsAMonth, type Usage } from '../units.ts';

/** The keeper of pauses runs every five minutes (lib/pauses/pauses.ts). */
const runs = secondsAMonth / 300;

/**
 * What the keeper of pauses uses: in each run it looks for the pause of every worker. It asks for a queue, and writes
 * records, only if it finds one.
 */
export function pausesUsage(shape: StackShape, { durations, bytes }: Assumptions): Usage[] {
  const { keeperMb, workers, isTraced } = shape;
  if (keeperMb === undefined) return [];
  const component = 'pauses';
  return [
    { component, price: 'lambdaRequests', units: runs },
    {
      component,
      price: 'lambdaCompute',
      units: (runs * durations.keeper.invocationMs * keeperMb) / 1000 / 1024,
    },
    { component, price: 'dynamoReads', units: runs * workers.length },
    // A run that finds no pause logs no line of its own: Lambda's lines are less than a request's.
    { component, price: 'logs', units: (runs * bytes.receiverLogs) / gigabyte },
    { component, price: 'traces', units: isTraced ? runs : 0 },
  ];
}
