import { setTimeout as sleep } from 'node:timers/promises';
import { clientSettings } from '../../lambda/aws/client-settings.ts';
import { callTryMs } from '../../lambda/receiver/env.ts';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultyProxy } from '../support/faulty-proxy.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import { messageItems } from '../support/message-items.ts';
import type { StartedStack } from '../support/started-stack.ts';
import { type Answer, deliver, inbound, post } from '../support/webhook.ts';
import { orders } from './orders.ts';

let faulty: FaultyStack;
let stack: StartedStack;
let sqs: FaultyProxy;
let dynamoDb: FaultyProxy;
let secretsManager: FaultyProxy;

beforeAll(async () => {
  faulty = await FaultyStack.start({ retryDelaysSeconds: '2,2,2' });
  stack = faulty.stack;
  ({ sqs, dynamoDb, secretsManager } = faulty.services);
});

afterEach(() => {
  faulty.recover();
  stack.fix(false);
});

afterAll(() => faulty?.stop());

/** Makes the next request the first one of its sandbox, which has no secret yet. */
async function forgetSecrets(): Promise<void> {
  await stack.kill('ReceiverFunction');
}

/** Posts an event and expects to be told to send it again. */
async function postInVain(event: object): Promise<Answer> {
  const logged = () =>
    stack.reports.filter(({ event: name, status }) => name === 'unavailable' && status === 503);
  const before = logged().length;
  const answer = await post(stack, event);
  // The receiver's own words: past its time Lambda would have killed it, and API Gateway answered in its place.
  expect(answer).toMatchObject({ status: 503, body: { error: 'unavailable' } });
  await eventually(
    () => logged().length > before,
    () => 'the line of the receiver',
  );
  // By its own clock, which begins with the request: what a busy machine adds before is not its time. It answers
  // within 3.5 s (ANSWER_WITHIN_MS), which leaves its timers 1.5 s to be late.
  expect(logged().at(-1)?.ms).toBeLessThan(zavuWaitsMs);
  return answer;
}

test.each(['down', 'hanging'] as const)(
  'secret store %s before any secret is known: 503 in time, and the event arrives with the retry',
  async (condition) => {
    const event = inbound('hello');
    secretsManager.become(condition);
    await forgetSecrets();
    await postInVain(event);
    expect(secretsManager.met).toBeGreaterThan(0);
    secretsManager.become('up');
    await deliver(stack, event);
    await stack.until(event.id, ['handled']);
  },
);

test('secret store down after the secret is known: events are taken, and forgeries are refused', async () => {
  await deliver(stack, inbound('hello'));
  secretsManager.become('down');
  await deliver(stack, inbound('hello'));
  // A forged request asks the store for newer secrets, in vain.
  expect(await post(stack, inbound('hello'), { secret: 'whsec_stranger' })).toMatchObject({ status: 401 });
});

test.each(['down', 'hanging'] as const)(
  'queue %s: 503 in time, and the event arrives with the retry',
  async (condition) => {
    const event = inbound('hello');
    sqs.become(condition, 'SendMessage');
    const answer = await postInVain(event);
    expect(answer.headers.get('retry-after')).toBe('60');

    sqs.become('up');
    await deliver(stack, event);
    await stack.until(event.id, ['handled']);
    expect(stack.effects(event.id)).toHaveLength(1);
  },
);

test('secret store late and queue hanging: 503 in time, because all calls share the time of the answer', async () => {
  secretsManager.become('hanging');
  sqs.become('hanging', 'SendMessage');
  await forgetSecrets();
  const answering = postInVain(inbound('hello'));
  // The first call is of the sandbox that starts, which waits half a second for it; the second is the request's own.
  await eventually(
    () => secretsManager.met > 1,
    () => "the request's call to the store",
  );
  // Most of what a call may take: it fails only then, and the second one answers late. With two calls to the queue they
  // would take longer than Zavu waits.
  await sleep(0.8 * callTryMs);
  secretsManager.become('slow');
  await answering;
});

test('queue takes the event and its answer is lost: 503, and the event is handled once after the retry', async () => {
  const event = inbound('hello');
  sqs.become('lost answers', 'SendMessage');
  await postInVain(event);
  sqs.become('up');
  await deliver(stack, event);
  // The receiver tried twice, so it was queued three times.
  await stack.until(event.id, ['handled', 'duplicate'], 3);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test.each(['down', 'hanging'] as const)(
  'idempotency table %s: messages stay in the queue, and are handled afterwards, once',
  async (condition) => {
    const events = Array.from({ length: 5 }, () => inbound('hello'));
    dynamoDb.become(condition);
    for (const event of events) await deliver(stack, event);
    await eventually(
      () => dynamoDb.met > 0,
      () => 'a claim',
    );
    for (const { id } of events) expect(stack.effects(id)).toHaveLength(0);

    dynamoDb.become('up');
    for (const { id } of events) {
      await stack.until(id, ['handled']);
      expect(stack.effects(id)).toHaveLength(1);
    }
  },
);

test.each(['down', 'refusing', 'hanging'] as const)(
  'messages table %s: nothing is handled and no attempt is used, and afterwards all is recorded and handled, once',
  async (condition) => {
    const events = Array.from({ length: 3 }, () => inbound('hello'));
    const unrecorded = { ...inbound('hello'), type: 'message.status' };
    dynamoDb.become(condition, stack.ready.outputs.MessagesTableName);
    for (const event of [...events, unrecorded]) await deliver(stack, event);
    // What has no item does not wait for the table.
    await stack.until(unrecorded.id, ['handled']);
    for (const { id } of events) {
      const [wait] = await stack.until(id, ['retried']);
      expect(wait).toMatchObject({ attempt: 1, reason: 'unrecorded' });
      expect(stack.effects(id)).toHaveLength(0);
    }
    dynamoDb.become('up');
    for (const { id, data } of events) {
      expect(await stack.until(id, ['handled'])).toMatchObject([{ attempt: 1 }]);
      expect(stack.effects(id)).toHaveLength(1);
      expect(await messageItems(`message#${data.messageId}`, stack)).toMatchObject([{ status: 'received' }]);
    }
  },
);

/** Lets a handler come to its side effect, and lets it end when the idempotency table is down. */
async function handleWithTableDown() {
  const event = inbound(orders.lingerUntilFixed);
  await deliver(stack, event);
  await eventually(
    () => stack.effects(event.id).length === 1,
    () => 'the side effect',
  );
  dynamoDb.become('down');
  stack.fix();
  return event;
}

// Found by the soak (seed 7): the SDK gives up within a second, and the next delivery was handled again.
test('idempotency table down for a moment between the side effect and its record: the next delivery is a duplicate', async () => {
  const event = await handleWithTableDown();
  await eventually(
    () => dynamoDb.met > clientSettings.maxAttempts,
    () => 'a call after the SDK gave up',
  );
  dynamoDb.become('up');
  await stack.until(event.id, ['handled']);
  await deliver(stack, event);
  await stack.until(event.id, ['duplicate']);
  expect(stack.effects(event.id)).toHaveLength(1);
});

test('idempotency table down from the side effect on: the event is handled, and not again', async () => {
  const event = await handleWithTableDown();
  await stack.until(event.id, ['handled']);
  dynamoDb.become('up');
  // What was deleted does not come back.
  await stack.drained();
  expect(stack.effects(event.id)).toHaveLength(1);
  expect(stack.of(event.id, 'retried')).toHaveLength(0);
});
