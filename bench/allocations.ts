import type { Functions, Subject } from './functions.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { WarmFunction } from './warm.ts';
import { batchOf, inboundBody, isHandled, isTaken, webhookOf } from './webhook.ts';

/**
 * Nothing is collected while a block runs, so that the heap grows by what is allocated. Nothing is compiled for speed
 * either: V8's compilers leave out some objects, and when they do depends on how busy the machine is. So the same code
 * gives the same number on each machine, which is a fourth more than the compiled code allocates.
 */
const flags = [
  '--expose-gc',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
  '--no-opt',
  '--no-maglev',
];

/** How many blocks do not count: in them, caches are filled and shapes of objects are learned. */
const warmUp = 3;

/**
 * How many bytes of V8's heap a function allocates for each of its events.
 *
 * @param subject what it calls must answer at its `AWS_ENDPOINT_URL`
 * @param invocations what it is invoked with in a block, new for each block: its allocations must fit into 128 MB
 * @param eventsPerInvocation how many events an invocation has
 * @param blocks how many blocks count
 */
export async function allocatedBytes(
  subject: Pick<Subject, 'module' | 'environment'>,
  invocations: () => readonly object[],
  isAnswer: (result: unknown) => boolean,
  { eventsPerInvocation = 1, blocks = 7 } = {},
): Promise<Spread> {
  const running = await WarmFunction.start(subject, flags);
  try {
    const taken: number[] = [];
    for (let block = -warmUp; block < blocks; block++) {
      const events = invocations();
      const { heapBytes } = await running.invoke(events, isAnswer);
      if (block >= 0) taken.push(heapBytes / (events.length * eventsPerInvocation));
    }
    return spreadOf(taken);
  } finally {
    await running.stop();
  }
}

/** Bytes for a request of a receiver, and for an event of a worker. */
export type Allocations = Record<'floor' | 'receiver' | 'worker', Spread>;

/** What 10,000 requests allocate, and 1,000 events in batches of ten. */
export async function measureAllocations({ floor, receiver, worker }: Functions): Promise<Allocations> {
  const requests = () => Array.from({ length: 200 }, () => webhookOf(inboundBody()));
  const batches = () => Array.from({ length: 5 }, () => batchOf(Array.from({ length: 10 }, inboundBody)));
  return {
    floor: await allocatedBytes(floor, requests, isTaken, { blocks: 50 }),
    receiver: await allocatedBytes(receiver, requests, isTaken, { blocks: 50 }),
    worker: await allocatedBytes(worker, batches, isHandled, { eventsPerInvocation: 10, blocks: 20 }),
  };
}
