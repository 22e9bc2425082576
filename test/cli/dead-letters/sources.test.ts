import { deadLetters } from '../../../cli/dead-letters/dead-letters.ts';
import { unroutedEvents } from '../../../cli/dead-letters/unrouted-events.ts';
import { DeployedQueues } from '../../../cli/shared/worker-queues.ts';
import { workerNames } from '../../../lambda/routing/routes.ts';

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
const outputs = {
  InboundQueueUrl: url,
  InboundDeadLetterQueueUrl: url,
  DeliveryDeadLetterQueueUrl: url,
  UnroutedQueueUrl: url,
};

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
  expect(deadLetters.sources(queuesOf({}), [])).toEqual([]);
  expect(unroutedEvents.sources(queuesOf({}), [])).toEqual([]);
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
  expect(workerNames).not.toContain('none');
});

test('a worker that is not deployed yet has no queue to send to, and the error says what to do', () => {
  const [source] = unroutedEvents.sources(queuesOf(outputs), []);
  expect(() => source?.workerQueue('inbound')).not.toThrow();
  expect(() => source?.workerQueue('account')).toThrow(
    'ZavuWebhooks-prod has no queue for the account worker. Deploy it: `npx cdk deploy`.',
  );
});
