import fc from 'fast-check';
import { type SenderScheme, senderSchemes } from '../../lambda/zavu/sign.ts';
import { type Order as HandlerOrder, orders } from '../e2e/orders.ts';
import type { Condition } from '../support/faulty-proxy.ts';

/** What an event's text tells its handler to do, and how many of a hundred do it. */
const orderShares = {
  [orders.slow]: 4,
  [orders.throwOnce]: 6,
  [orders.throw]: 1,
  [orders.refuse]: 2,
  [orders.dieBeforeClaim]: 1,
  [orders.dieOnce]: 1,
  [orders.dieAfterEffect]: 1,
} as const satisfies Partial<Record<HandlerOrder, number>>;
type Order = 'hello' | typeof orders.waitToBeKilled | keyof typeof orderShares;

/** Types that a worker handles, at least one of each worker's. */
const handledTypes = {
  'message.inbound': 4,
  'message.delivered': 3,
  'message.failed': 1,
  'template.approved': 1,
  'call.completed': 1,
};
const types = { ...handledTypes, 'message.reaction': 1 };

/**
 * What is odd about an event (`body.ts` writes them), and how many of a hundred are so. The last are too large for a queue
 * as they are, and few, because each of them takes as long as hundreds.
 */
const shapes = {
  'no id': 1,
  'number id': 1,
  'no timestamp': 1,
  'ISO timestamp': 1,
  'timestamp in seconds': 1,
  'no data': 1,
  'odd owner': 1,
  'id of two senders': 2,
  unreadable: 1,
  'no text': 1,
  large: 0.2,
} as const;
type Shape = 'documented' | keyof typeof shapes;

/** However many events there are. */
const maxLarge = 12;

export interface PlannedEvent {
  /** Milliseconds after the start at which Zavu sends it first. */
  atMs: number;
  type: string;
  order: Order;
  shape: Shape;
  scheme: SenderScheme;
  /** How long after that Zavu sends it again, whatever the answer was. */
  duplicatesAfterMs: number[];
}

const services = ['sqs', 'dynamoDb', 'secretsManager'] as const;
const conditions = ['slow', 'refusing', 'down', 'hanging', 'lost answers'] as const satisfies Condition[];
export type FaultyService = (typeof services)[number];

export interface PlannedFault {
  atMs: number;
  /** How long it lasts at the least. */
  forMs: number;
  service: FaultyService;
  condition: Condition;
  /** What it lasts for besides: until a request met it, or until Zavu was answered 503. */
  until: 'met' | '503';
}

export interface PlannedKill {
  atMs: number;
  /** Beginning of the function's logical id. */
  functionPrefix: string;
  /** Which of its sandboxes, as a part of 1. */
  which: number;
}

export interface SoakPlan {
  events: PlannedEvent[];
  faults: PlannedFault[];
  /** Kills from outside, besides the handlers of events that wait to be killed. */
  kills: PlannedKill[];
}

/**
 * Plans a soak. The same seed gives the same plan. What a soak must meet is in it by number, and not by chance:
 * every order of handlers, every condition of every service, a kill of every function.
 *
 * @param durationMs over which the events are sent and the faults begin
 */
export function planSoak(seed: number, events: number, durationMs: number): SoakPlan {
  const sample = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number, stream: number): Value[] =>
    fc.sample(fc.noBias(arbitrary), { seed: seed + stream, numRuns });
  const shuffled = <Value>(values: Value[], stream: number): Value[] =>
    sample(fc.shuffledSubarray(values, { minLength: values.length }), 1, stream)[0] ?? [];
  const time = fc.integer({ min: 0, max: durationMs });

  // A fault begins every two seconds, and a sandbox is killed as often: every third in the middle of its work.
  const strikes = Math.ceil(durationMs / 2_000);
  const functions = ['Receiver', 'InboundWorker', 'DeliveryWorker', 'TemplatesWorker', 'AccountWorker'];
  const targets = repeated(functions, Math.ceil((strikes * 2) / 3));
  const pairs = services.flatMap((service) => conditions.map((condition) => ({ service, condition })));
  const faults = shuffled(repeated(pairs, strikes), 1);
  const orderly = shuffled(ordersOf(events, Math.ceil(strikes / 3)), 4);
  const shapely = shuffled(shapesOf(orderly.filter((order) => order === 'hello').length), 5);

  const event = fc.record({
    atMs: time,
    scheme: fc.constantFrom(...senderSchemes),
    duplicatesAfterMs: fc.oneof(
      { weight: 8, arbitrary: fc.constant<number[]>([]) },
      { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 3 }) },
    ),
    anyType: weighted(types),
    handledType: weighted(handledTypes),
  });
  const fault = fc.record({ atMs: time, forMs: fc.integer({ min: 200, max: 2_000 }) });
  const kill = fc.record({ atMs: time, which: fc.double({ min: 0, max: 0.999, noNaN: true }) });
  return {
    events: sample(event, events, 0).map(({ anyType, handledType, ...rest }, index) => {
      const order = orderly[index] ?? 'hello';
      // What an odd event tells its handler may not reach it.
      const shape = order === 'hello' ? (shapely.pop() ?? 'documented') : 'documented';
      const isHandled = order !== 'hello' || shape !== 'documented';
      return { ...rest, order, shape, type: isHandled ? handledType : anyType };
    }),
    faults: sample(fault, faults.length, 2).map((when, index) => {
      const { service, condition } = faults[index] ?? pairs[0] ?? unreachable();
      // A queue that is only late is in time for the receiver. Pollers alone would meet the other conditions.
      return {
        ...when,
        service,
        condition,
        until: service === 'sqs' && condition !== 'slow' ? '503' : 'met',
      };
    }),
    kills: sample(kill, targets.length, 3).map((planned, index) => ({
      ...planned,
      functionPrefix: targets[index] ?? '',
    })),
  };
}

/** As many orders as events: each by its share, and each at least once if there are enough events. */
function ordersOf(events: number, waiting: number): Order[] {
  const special = Object.entries(orderShares).flatMap(([order, share]) =>
    Array.from({ length: Math.ceil((events * share) / 100) }, () => order as keyof typeof orderShares),
  );
  const waits = Array.from({ length: waiting }, (): Order => orders.waitToBeKilled);
  const all: Order[] = [...waits, ...special].slice(0, events);
  return [...all, ...Array.from({ length: events - all.length }, (): Order => 'hello')];
}

/** As many shapes as events that may have one: each by its share, and each at least once if there are enough. */
function shapesOf(events: number): Shape[] {
  const odd = Object.entries(shapes).flatMap(([shape, share]) => {
    const count = Math.ceil((events * share) / 100);
    return Array.from(
      { length: shape === 'large' ? Math.min(count, maxLarge) : count },
      () => shape as keyof typeof shapes,
    );
  });
  const all: Shape[] = odd.slice(0, events);
  return [...all, ...Array.from({ length: events - all.length }, (): Shape => 'documented')];
}

/** Goes round the values until there are enough, and never stops before the end of a round. */
function repeated<Value>(values: Value[], minLength: number): Value[] {
  return Array.from({ length: Math.ceil(minLength / values.length) }, () => values).flat();
}

function weighted<Name extends string>(weights: Record<Name, number>): fc.Arbitrary<Name> {
  const entries = Object.entries<number>(weights) as [Name, number][];
  return fc.oneof(...entries.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
}

function unreachable(): never {
  throw new Error('unreachable');
}
