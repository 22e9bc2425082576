import type { Functions } from '../functions.ts';
import type { Loopback } from '../loopback.ts';
import { WarmFunction } from '../warm.ts';
import { batchOf, inboundBody, isHandled } from '../webhook.ts';
import { type Dimension, pointsOf } from './dimension.ts';

/** How often each size is measured; the median counts. */
const rounds = 5;
/** How many events a block has at least: a batch of one alone takes less than is measured well. */
const eventsOfBlock = 100;

/** How a worker grows with the size of its batches, with the messages table and without it. */
export async function measureBatches(
  { worker, onceOnly }: Pick<Functions, 'worker' | 'onceOnly'>,
  loopback: Loopback,
  sizes: readonly number[],
): Promise<Dimension[]> {
  const dimensions: Dimension[] = [];
  for (const [name, subject] of Object.entries({ worker, 'worker without the messages table': onceOnly })) {
    const warm = await WarmFunction.start(subject);
    const cost = async (size: number) => {
      const batches = Math.max(1, Math.round(eventsOfBlock / size));
      const events = Array.from({ length: batches }, () =>
        batchOf(Array.from({ length: size }, inboundBody)),
      );
      const { cpuMs } = await warm.invoke(events, isHandled);
      await loopback.calls('forget');
      return cpuMs / batches;
    };
    for (let round = 0; round < rounds; round++) await cost(eventsOfBlock);
    const points = await pointsOf(sizes, rounds, cost);
    await warm.stop();
    dimensions.push({
      name: `${name}, a batch`,
      sizeUnit: 'events',
      cost: 'CPU, ms',
      points,
      expected: { growth: 'linear' },
    });
  }
  return dimensions;
}
