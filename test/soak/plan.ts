import fc from 'fast-check';
import { type SenderScheme, senderSchemes } from '../../lambda/shared/sign.ts';
import type { Condition } from '../support/proxy.ts';

/** What an event's text tells its handler to do: see `test/e2e/obedience.ts`. */
const orders = {
  hello: 80,
  slow: 4,
  'throw once': 6,
  throw: 1,
  refuse: 2,
  'die before claim': 1,
  'die once': 1,
  'die after effect': 1,
} as const;
export type Order = keyof typeof orders;

const types = {
  'message.inbound': 4,
  'message.delivered': 3,
  'message.failed': 1,
  'template.approved': 1,
  'call.completed': 1,
  // Nobody handles it.
  'message.reaction': 1,
};

export interface PlannedEvent {
  /** Milliseconds after the start at which Zavu sends it first. */
  atMs: number;
  type: string;
  order: Order;
  scheme: SenderScheme;
  /** How long after that Zavu sends it again, whatever the answer was. */
  copiesAfterMs: number[];
}

export type Service = 'sqs' | 'dynamoDb' | 'secretsManager';

export interface PlannedFault {
  atMs: number;
  forMs: number;
  service: Service;
  condition: Condition;
}

export interface PlannedKill {
  atMs: number;
  /** Beginning of the function's logical id. */
  of: string;
  /** Which of its sandboxes, as a part of 1. */
  which: number;
}

export interface Plan {
  events: PlannedEvent[];
  faults: PlannedFault[];
  kills: PlannedKill[];
}

/**
 * Plans a soak. The same seed gives the same plan.
 *
 * @param durationMs over which the events are sent and the faults strike
 */
export function planSoak(seed: number, events: number, durationMs: number): Plan {
  const sample = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number, stream: number): Value[] =>
    fc.sample(fc.noBias(arbitrary), { seed: seed + stream, numRuns });
  const time = fc.integer({ min: 0, max: durationMs });
  const event: fc.Arbitrary<PlannedEvent> = fc.record({
    atMs: time,
    type: weighted(types),
    order: weighted(orders),
    scheme: fc.constantFrom(...senderSchemes),
    copiesAfterMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant<number[]>([]) },
      { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 3 }) },
    ),
  });
  // A service fails for a sixth of the time, each on its own; a sandbox is killed every two seconds.
  const times = (everyMs: number) => Math.ceil(durationMs / everyMs);
  const fault: fc.Arbitrary<PlannedFault> = fc.record({
    atMs: time,
    forMs: fc.integer({ min: 200, max: 2_000 }),
    service: fc.constantFrom('sqs', 'dynamoDb', 'secretsManager'),
    condition: fc.constantFrom('slow', 'refusing', 'down', 'hanging', 'lost answers'),
  });
  const kill: fc.Arbitrary<PlannedKill> = fc.record({
    atMs: time,
    of: fc.constantFrom('Receiver', 'Inbound', 'Delivery', 'Templates', 'Account'),
    which: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  return {
    events: sample(event, events, 0),
    faults: sample(fault, times(2_000), 1),
    kills: sample(kill, times(2_000), 2),
  };
}

function weighted<Name extends string>(weights: Record<Name, number>): fc.Arbitrary<Name> {
  const entries = Object.entries<number>(weights) as [Name, number][];
  return fc.oneof(...entries.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
}
