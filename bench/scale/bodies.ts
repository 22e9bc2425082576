import type { SQSEvent } from 'aws-lambda';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { packEvent } from '../../lambda/queued-event/text.ts';
import type { Functions } from '../functions.ts';
import type { Loopback } from '../loopback.ts';
import { chatEvent } from '../memory-use/large-events.ts';
import { WarmFunction } from '../warm.ts';
import { batchOf, isHandled, isTaken, webhookOf } from '../webhook.ts';
import { type Dimension, pointsOf } from './dimension.ts';

const rounds = 7;
/** How many bytes a block has about, so that small bodies are measured often enough. */
const bytesOfBlock = 262_144;

/**
 * How the receiver and a worker grow with the size of an event of chat: a queue takes up to 1 MiB as it is, and more
 * only compressed.
 *
 * @param sizes in bytes
 */
export async function measureBodies(
  { receiver, worker }: Pick<Functions, 'receiver' | 'worker'>,
  loopback: Loopback,
  sizes: readonly number[],
): Promise<Dimension[]> {
  const subjects = [
    { name: 'receiver, a request', subject: receiver, eventOf: webhookOf, isAnswer: isTaken },
    { name: 'worker, an event', subject: worker, eventOf: queuedEvent, isAnswer: isHandled },
  ];
  const dimensions: Dimension[] = [];
  for (const { name, subject, eventOf, isAnswer } of subjects) {
    const warm = await WarmFunction.start(subject);
    const cost = async (size: number) => {
      const events = Array.from({ length: Math.max(1, Math.min(100, Math.round(bytesOfBlock / size))) }, () =>
        eventOf(chatEvent(size)),
      );
      const { cpuMs } = await warm.invoke(events, isAnswer);
      await loopback.calls('forget');
      return cpuMs / events.length;
    };
    for (const size of [...sizes, ...sizes]) await cost(size);
    const points = await pointsOf(sizes, rounds, cost);
    await warm.stop();
    dimensions.push({ name, sizeUnit: 'bytes', cost: 'CPU, ms', points, expected: { growth: 'linear' } });
  }
  return dimensions;
}

/** What the event source gives a worker of an event, as the receiver puts it into the queue. */
function queuedEvent(event: string): SQSEvent {
  const packed = packEvent(event, maxEventBytes);
  if (!packed) throw new Error('The event is larger than a queue takes.');
  const { Records } = batchOf([packed.body]);
  const encoding = { stringValue: packed.encoding ?? '', dataType: 'String' as const };
  return {
    Records: Records.map((record) => ({ ...record, messageAttributes: packed.encoding ? { encoding } : {} })),
  };
}
