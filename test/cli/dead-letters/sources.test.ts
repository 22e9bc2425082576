import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';
import { DeployedQueues } from '../../../cli/shared/worker-queues.ts';

/** The queues of a deployment with these outputs. Nothing is asked of SQS. */
function queuesOf(outputs: Record<string, string>): DeployedQueues {
  return new DeployedQueues({
    name: 'ZavuWebhooks-prod',
    outputs,
    alarmPrefix: '',
    client: () => ({ region: 'us-east-1' }),
  });
}

const url = 'http://127.0.0.1/queue';
const queues = {
  InboundQueueUrl: url,
  InboundDeadLetterQueueUrl: url,
  DeliveryQueueUrl: url,
  DeliveryDeadLetterQueueUrl: url,
  UnroutedQueueUrl: url,
};
const outputs = { ...queues, Routes: 'inbound=message.inbound;delivery=message.sent' };

function message(type: string, attributes: Record<string, string> = {}) {
  return {
    Body: JSON.stringify({ id: 'evt_1', type, timestamp: 1 }),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

test('dead letters are in the queues of the workers that are deployed and asked for', () => {
  const names = (workers: string[]) =>
    deadLetters.sources(queuesOf(outputs), workers).map(({ name }) => name);
  expect(names([])).toEqual(['inbound', 'delivery']);
  expect(names(['delivery', 'account'])).toEqual(['delivery']);
});

test('a deployment without workers, or without a queue of unrouted events, has nothing to look at', () => {
  expect(() => queuesOf({})).toThrow('ZavuWebhooks-prod has no worker. Deploy it first: `npx cdk deploy`.');
  const { UnroutedQueueUrl: _, ...without } = outputs;
  expect(unroutedEvents.sources(queuesOf(without), [])).toEqual([]);
});

test('--worker takes the workers of the deployment, and of unrouted events also none', () => {
  expect(deadLetters.workers(queuesOf(outputs))).toEqual(['inbound', 'delivery']);
  expect(unroutedEvents.workers(queuesOf(outputs))).toEqual(['inbound', 'delivery', 'none']);
});

describe('of an earlier version, which does not tell its routes', () => {
  test('dead letters go back to their worker, but for those whose type moved', () => {
    const [source] = deadLetters.sources(queuesOf(queues), ['delivery']);
    const destination = (reason: string) =>
      source?.destination(source.read(message('message.inbound', { reason })), []);
    expect(destination('attempts_exhausted')).toEqual({ worker: 'delivery' });
    expect(destination('no_handler')).toEqual({ stays: 'routes_unknown' });
  });

  test('unrouted events belong to no worker and stay', () => {
    const [source] = unroutedEvents.sources(queuesOf(queues), []);
    const event = source?.read(message('message.inbound'));
    expect(event?.worker).toBe('none');
    expect(event && source?.destination(event, [])).toEqual({ stays: 'routes_unknown' });
    expect(unroutedEvents.workers(queuesOf(queues))).toEqual(['none']);
  });
});

test('a dead letter belongs to the worker of its queue, and was moved by SQS if it carries no reason', () => {
  const [source] = deadLetters.sources(queuesOf(outputs), ['delivery']);
  expect(source?.read(message('message.inbound'))).toMatchObject({
    worker: 'delivery',
    reason: 'moved_by_sqs',
  });
  expect(source?.read(message('message.inbound', { reason: 'timed_out' })).reason).toBe('timed_out');
});

test('a dead letter goes back to its worker, unless its type has moved to another', () => {
  const [source] = deadLetters.sources(queuesOf(outputs), ['delivery']);
  const destination = (type: string, reason: string) =>
    source?.destination(source.read(message(type, { reason })), []);
  expect(destination('message.inbound', 'attempts_exhausted')).toEqual({ worker: 'delivery' });
  expect(destination('message.inbound', 'no_handler')).toEqual({ worker: 'inbound' });
  expect(destination('message.odd', 'no_handler')).toEqual({ worker: 'delivery' });
});

test('an unrouted event belongs to the worker that handles its type now, or to none', () => {
  const [source] = unroutedEvents.sources(queuesOf(outputs), []);
  expect(source?.read(message('message.inbound'))).toMatchObject({ worker: 'inbound', reason: 'no_reason' });
  expect(source?.read(message('message.odd')).worker).toBe('none');
});

test('a worker that is not deployed has no queue to send to, and the error says what to do', () => {
  const [source] = unroutedEvents.sources(queuesOf(outputs), []);
  expect(() => source?.workerQueue('inbound')).not.toThrow();
  expect(() => source?.workerQueue('account')).toThrow(
    'ZavuWebhooks-prod has no account worker. It has: inbound, delivery. Deploy it: `npx cdk deploy`.',
  );
});
