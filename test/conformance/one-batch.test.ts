import { inbound, newId } from '../../testing/conformance/test-events.ts';
import { describeFor } from '../support/needs.ts';
import { lookBehind, useTarget } from './harness.ts';
import { needs } from './needs.ts';

/** Polls at once of a worker's queue. Nothing else is sent here, so that these find what lies there together. */
const pollers = 2;
/** As many as one call to SQS takes. A poll that waits gets one of them, and the next poll of a poller the others. */
const together = 10;

const target = useTarget({ settings: { workerMaxConcurrency: String(pollers) } });

describeFor(needs.visibleBatches, 'messages in one batch', () => {
  test('that are one event: it is handled once, and the others are duplicates of the same batch', async () => {
    const event = inbound();
    await lookBehind(target, async (stack) => {
      await stack.queues.send('InboundWorkerQueue', Array(together).fill(JSON.stringify(event)));
      await target.judge.handledOnce(event.id, together);
      expect(together).toBeGreaterThan(2 * pollers);
      expect(stack.of(event.id, 'duplicate')).toContainEqual(
        expect.objectContaining({ reason: 'same_batch' }),
      );
    });
  });

  test('that have one id and two senders are two events: each is handled once', async () => {
    const id = newId();
    const events = ['snd_0', 'snd_1'].map((senderId) => ({ ...inbound('hello', id), senderId }));
    const bodies = Array.from({ length: together }, (_, index) => JSON.stringify(events[index % 2]));
    await lookBehind(target, async (stack) => {
      await stack.queues.send('InboundWorkerQueue', bodies);
      await stack.until(id, ['handled', 'duplicate'], bodies.length);
      await target.judge.eachHandled(id, events);
    });
  });
});
