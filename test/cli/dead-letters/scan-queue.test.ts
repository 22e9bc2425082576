import { CreateQueueCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { movedBySqs } from '../../../cli/dead-letters/dead-letter-reasons.ts';
import { scanQueue, visibilityTimeoutFor } from '../../../cli/dead-letters/scan-queue.ts';
import { readStoredMessage, type StoredMessage } from '../../../cli/dead-letters/stored-message.ts';
import { EventQueue } from '../../../cli/shared/event-queue.ts';
import { Emulators } from '../../emulators/emulators.ts';
import { sqsAt } from '../../support/sqs.ts';
import { inbound } from '../../support/webhook.ts';

test.each([
  ['a few are hidden for half a minute', 10, Number.POSITIVE_INFINITY, 31],
  ['many for as long as it takes to receive them', 10_000, Number.POSITIVE_INFINITY, 130],
  ['for as long as it takes to work on them, too', 1_000, 5, 240],
  ['none for more than a quarter of an hour', 100_000, 50, 900],
])('%s', (_what, messages, perSecond, expected) => {
  expect(visibilityTimeoutFor(messages, perSecond)).toBe(expected);
});

describe('a limit', () => {
  let emulators: Emulators;
  let sqs: SQSClient;
  let count = 0;

  beforeAll(async () => {
    emulators = await Emulators.start();
    sqs = sqsAt(emulators.endpoints.sqs);
  });
  afterAll(async () => {
    sqs.destroy();
    await emulators.stop();
  });

  /** A queue of its own, with so many messages. */
  async function queueOf(messages: number): Promise<EventQueue> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `Queue${count++}` }));
    const queue = new EventQueue(sqs, QueueUrl);
    const bodies = Array.from({ length: messages }, () => JSON.stringify(inbound('hello')));
    await Promise.all(bodies.map((body) => queue.send({ body, group: 'prj_1', attributes: {} })));
    return queue;
  }

  /** Scans a queue up to a limit. */
  function scan(
    queue: EventQueue,
    limit: number,
    visit: (messages: readonly StoredMessage[]) => Promise<readonly StoredMessage[]>,
    { signal } = new AbortController(),
  ) {
    const reading = { workerFor: () => 'inbound', reasonIfMissing: movedBySqs };
    const read = (message: Message) => readStoredMessage(message, reading);
    return scanQueue({ queue, read }, { limit, visibilityTimeout: 60, signal, visit });
  }

  test.each([
    ['below what is there', 2, { seen: 2, complete: false }],
    ['of exactly what is there', 3, { seen: 3, complete: true }],
    ['above what is there', 4, { seen: 3, complete: true }],
  ])(
    '%s: a scan knows whether there is more, and hides nothing afterwards',
    async (_which, limit, expected) => {
      const looked = await queueOf(3);
      expect(await scan(looked, limit, async () => [])).toEqual(expected);
      expect(await looked.figures()).toMatchObject({ visible: 3, hidden: 0 });

      const emptied = await queueOf(3);
      const deleting = async (messages: readonly StoredMessage[]) => {
        for (const { receiptHandle } of messages) await emptied.delete(receiptHandle);
        return messages;
      };
      expect(await scan(emptied, limit, deleting)).toEqual(expected);
      expect(await emptied.figures()).toMatchObject({ visible: 3 - expected.seen, hidden: 0 });
    },
  );

  test('a scan that is cut short at its limit is not complete', async () => {
    const interruption = new AbortController();
    const cut = async () => {
      interruption.abort();
      return [];
    };
    expect(await scan(await queueOf(3), 3, cut, interruption)).toEqual({ seen: 3, complete: false });
  });
});
