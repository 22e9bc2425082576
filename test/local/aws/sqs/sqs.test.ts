import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { eventHandle } from '../../../../local/aws/sqs/event-handle.ts';
import { ClockedSqs } from '../../../support/clocked-sqs.ts';
import { anyCredentials } from '../../../support/credentials.ts';

const hour = 3_600_000;
const day = 24 * hour;
const tooLong =
  'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';

let local: ClockedSqs;
let sqs: SQSClient;
let count = 0;

beforeAll(async () => {
  local = await ClockedSqs.start();
  sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: local.endpoint,
    credentials: anyCredentials,
  });
});
afterAll(async () => {
  sqs.destroy();
  await local.stop();
});

interface TestQueue {
  name: string;
  url: string;
}

/** A queue of its own for each test. */
async function createQueue(attributes: Record<string, string> = {}): Promise<TestQueue> {
  const name = `Queue${count++}`;
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return { name, url: QueueUrl };
}

const send = ({ url }: TestQueue, body = 'hello', delaySeconds = 0) =>
  sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, DelaySeconds: delaySeconds }));

async function receive({ url }: TestQueue, visibilityTimeout?: number, max = 10) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: max,
      VisibilityTimeout: visibilityTimeout,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

async function receiveOne(queue: TestQueue, visibilityTimeout?: number): Promise<string> {
  const [message, ...more] = await receive(queue, visibilityTimeout);
  expect(more).toEqual([]);
  return message?.ReceiptHandle ?? '';
}

const hide = ({ url }: TestQueue, handle: string, seconds: number) =>
  sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
  );

/** Hides messages in one batch; gives the ids that were accepted, and the rest. */
async function hideBatch({ url }: TestQueue, entries: [handle: string, seconds: number][]) {
  const { Successful = [], Failed = [] } = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: entries.map(([ReceiptHandle, VisibilityTimeout], index) => ({
        Id: `entry-${index}`,
        ReceiptHandle,
        VisibilityTimeout,
      })),
    }),
  );
  return { accepted: Successful.map(({ Id }) => Id), failed: Failed };
}

describe('12 hours of visibility in all', () => {
  test('are refused right after the receive; a second less is taken', async () => {
    const queue = await createQueue();
    await send(queue);
    const handle = await receiveOne(queue);
    await expect(hide(queue, handle, 43_200)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: tooLong,
    });
    await hide(queue, handle, 43_199);
  });

  test('count from the receive, whatever was granted since', async () => {
    const queue = await createQueue();
    await send(queue);
    const handle = await receiveOne(queue);
    await hide(queue, handle, 30_000);
    await local.pass(6 * hour);
    await expect(hide(queue, handle, 21_600)).rejects.toThrow('beyond the limit');
    await hide(queue, handle, 21_599);
    // What was refused left the timeout as it was, so it still may be changed.
    await hide(queue, handle, 0);

    const again = await receiveOne(queue);
    await hide(queue, again, 43_199);
  });

  test('are refused for an entry of a batch, and its neighbours pass', async () => {
    const queue = await createQueue();
    await send(queue);
    await send(queue);
    const [one = '', two = ''] = (await receive(queue)).map(({ ReceiptHandle }) => ReceiptHandle);
    expect(
      await hideBatch(queue, [
        [one, 43_200],
        [two, 60],
      ]),
    ).toEqual({
      accepted: ['entry-1'],
      failed: [{ Id: 'entry-0', Code: 'InvalidParameterValue', Message: tooLong, SenderFault: true }],
    });
    const { accepted, failed } = await hideBatch(queue, [
      [one, 43_200],
      [two, 43_200],
    ]);
    expect(accepted).toEqual([]);
    expect(failed.map(({ Id }) => Id)).toEqual(['entry-0', 'entry-1']);
  });
});

describe('at its retention, counted from the send, a message is deleted', () => {
  const keptForADay = { MessageRetentionPeriod: '86400' };

  test.each([
    ['visible', 0, undefined],
    ['delayed', 900, undefined],
    ['in flight', 0, 43_200],
  ])('while it is %s', async (_, delaySeconds, visibilityTimeout) => {
    const queue = await createQueue(keptForADay);
    await send(queue, 'hello', delaySeconds);
    const handle = visibilityTimeout && (await receiveOne(queue, visibilityTimeout));
    await local.age(day - 1);
    expect((await local.statistics(queue.name)).oldestSeconds).toBeCloseTo(86_400, 2);
    await local.age(1);
    expect(await local.statistics(queue.name)).toEqual({ visible: 0, notVisible: 0, oldestSeconds: 0 });
    if (handle) await expect(hide(queue, handle, 0)).rejects.toThrow();
    expect(await receive(queue)).toEqual([]);
  });

  test('when it would be received, and not moved to the dead-letter queue', async () => {
    const deadLetters = await createQueue();
    const queue = await createQueue({ ...keptForADay, ...redriveTo(deadLetters, 1) });
    await send(queue);
    await receiveOne(queue, 0);
    await local.age(day);
    expect(await receive(queue)).toEqual([]);
    expect(await local.statistics(deadLetters.name)).toMatchObject({ visible: 0 });
  });

  test('in a dead-letter queue, too, to which a move brings no new time', async () => {
    const deadLetters = await createQueue({ MessageRetentionPeriod: String(4 * 86_400) });
    const queue = await createQueue(redriveTo(deadLetters, 1));
    await send(queue);
    await receiveOne(queue, 0);
    await local.age(day);
    expect(await receive(queue)).toEqual([]);
    // CloudWatch's age counts from the move.
    expect(await local.statistics(deadLetters.name)).toMatchObject({ visible: 1, oldestSeconds: 0 });
    await local.age(3 * day - 1);
    expect(await local.statistics(deadLetters.name)).toMatchObject({ visible: 1 });
    await local.age(1);
    expect(await local.statistics(deadLetters.name)).toMatchObject({ visible: 0 });
  });

  test('also where the retention was shortened since', async () => {
    const queue = await createQueue();
    await send(queue);
    await local.age(day);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: keptForADay }));
    expect(await receive(queue)).toEqual([]);
  });
});

describe('statistics', () => {
  test('count what is visible and what is in flight', async () => {
    const queue = await createQueue();
    for (const body of ['one', 'two', 'three']) await send(queue, body);
    await local.age(60_000);
    await send(queue, 'four');
    const [first] = await receive(queue, undefined, 1);
    expect(first?.Body).toBe('one');
    expect(await local.statistics(queue.name)).toEqual({ visible: 3, notVisible: 1, oldestSeconds: 60 });
  });

  test('leave a message out of the age that was received three times', async () => {
    const queue = await createQueue();
    await send(queue, 'poison');
    await local.age(60_000);
    for (const oldestSeconds of [60, 60, 0]) {
      await receiveOne(queue, 0);
      expect(await local.statistics(queue.name)).toMatchObject({ visible: 1, oldestSeconds });
    }
    await send(queue, 'next');
    await local.age(5_000);
    expect(await local.statistics(queue.name)).toMatchObject({ visible: 2, oldestSeconds: 5 });
  });
});

test('the age of a dead letter does not depend on how often it was received before', async () => {
  const deadLetters = await createQueue();
  const queue = await createQueue(redriveTo(deadLetters, 3));
  await send(queue);
  for (let times = 0; times < 3; times++) await receiveOne(queue, 0);
  expect(await receive(queue)).toEqual([]);
  await local.age(5_000);
  expect(await local.statistics(deadLetters.name)).toMatchObject({ visible: 1, oldestSeconds: 5 });
});

describe('an event source', () => {
  /** Longer than the test: it is woken, or the test fails. */
  const forLong = 3_600_000;

  test('receives what comes while it waits, with its attributes', async () => {
    const queue = await createQueue();
    const receiving = local.receive(queue.name, forLong);
    await send(queue, 'hello');
    expect(await receiving).toEqual([
      expect.objectContaining({
        Body: 'hello',
        Attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SenderId: '000000000000' }),
      }),
    ]);
  });

  test('receives what becomes visible while it waits', async () => {
    const queue = await createQueue();
    await send(queue);
    const handle = await receiveOne(queue, 600);
    const receiving = local.receive(queue.name, forLong);
    await hide(queue, handle, 0);
    const [message] = await receiving;
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  test.each([
    ['evt_1', undefined, 1],
    ['evt_2', 'MessageNotInflight', 0],
  ])('receives at once what waits, if %s is shown by its id', async (id, refusal, received) => {
    const queue = await createQueue();
    for (const event of ['evt_1', 'evt_other']) {
      await send(queue, JSON.stringify({ id: event, type: 'message.inbound', timestamp: 1, data: {} }));
      await receiveOne(queue, 600);
    }
    await send(queue, 'no event');
    await receiveOne(queue, 600);
    const shown = hide(queue, eventHandle(id), 0);
    if (refusal) await expect(shown).rejects.toMatchObject({ name: refusal });
    else await shown;
    const messages = await local.receive(queue.name, 50);
    expect(messages.map(({ Body = '' }) => JSON.parse(Body).id)).toEqual(received ? [id] : []);
  });

  test('receives nothing from an empty queue', async () => {
    expect(await local.receive((await createQueue()).name, 50)).toEqual([]);
  });
});

function redriveTo({ name }: TestQueue, maxReceiveCount: number): Record<string, string> {
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
}

describe('a FIFO queue', () => {
  const fifo = async () => {
    const QueueName = `Queue${count++}.fifo`;
    const Attributes = { FifoQueue: 'true', MessageRetentionPeriod: String(day / 1000) };
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return { name: QueueName, url: QueueUrl };
  };
  const put = ({ url }: TestQueue, MessageBody: string, MessageGroupId = 'one') =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody,
        MessageGroupId,
        MessageDeduplicationId: MessageBody,
      }),
    );

  test('gives an event source one message of a group at a time, in order, and counts them', async () => {
    const queue = await fifo();
    for (const body of ['first', 'second', 'second']) await put(queue, body);
    expect(await local.statistics(queue.name)).toMatchObject({ visible: 2, notVisible: 0 });
    const received = await local.receive(queue.name, 0);
    expect(received).toMatchObject([
      { Body: 'first', Attributes: { MessageGroupId: 'one', MessageDeduplicationId: 'first' } },
    ]);
    expect(await local.receive(queue.name, 0)).toEqual([]);
    expect(await local.statistics(queue.name)).toMatchObject({ visible: 1, notVisible: 1 });
  });

  test('deletes at the retention, and what is in flight holds up its group no longer', async () => {
    const queue = await fifo();
    for (const body of ['old', 'older']) await put(queue, body);
    expect(await local.receive(queue.name, 0)).toHaveLength(1);
    await local.age(day);
    expect(await local.statistics(queue.name)).toEqual({ visible: 0, notVisible: 0, oldestSeconds: 0 });
    await put(queue, 'new');
    expect(await local.receive(queue.name, 0)).toMatchObject([{ Body: 'new' }]);
  });
});
