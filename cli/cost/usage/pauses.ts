import type { Assumptions } from '../assumptions.ts';
import type { StackShape } from '../stack-shape.ts';
import { secondsAMonth, type Usage } from '../units.ts';

/** The keeper of pauses runs every five minutes (lib/pauses/pauses.ts). */
const runs = secondsAMonth / 300;

/**
 * What the keeper of pauses uses: in each run it looks for the pause of every worker. It asks for a queue, and writes
 * records and logs, only if it finds one.
 */
export function pausesUsage(shape: StackShape, { durations }: Assumptions): Usage[] {
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
    { component, price: 'traces', units: isTraced ? runs : 0 },
  ];
}
