import { readRoutes, routesOf, workersOf } from '../../../cli/shared/routes.ts';

const name = 'ZavuWebhooks-prod';
const queuesOf = (worker: string) => ({
  [`${worker}QueueUrl`]: 'http://127.0.0.1/queue',
  [`${worker}DeadLetterQueueUrl`]: 'http://127.0.0.1/dead',
});
const queues = { ...queuesOf('Inbound'), ...queuesOf('Old') };
const outputs = {
  ...queues,
  UnroutedQueueUrl: 'http://127.0.0.1/unrouted',
  Routes: 'inbound=message.inbound;old=',
};

test('a deployment tells its routes and its workers, and those that get no new events', () => {
  const deployment = { name, outputs };
  expect(routesOf(deployment).workerFor('message.inbound')).toBe('inbound');
  expect(workersOf(deployment)).toEqual(['inbound', 'old']);
});

test.each(['OldQueueUrl', 'OldDeadLetterQueueUrl', 'InboundDeadLetterQueueUrl'] as const)(
  'a worker whose %s is missing is an error, and not a worker without events',
  (missing) => {
    const { [missing]: _, ...left } = outputs as Record<string, string>;
    const worker = missing.startsWith('Old') ? 'old' : 'inbound';
    expect(() => workersOf({ name, outputs: left })).toThrow(
      `${name} lacks the output ${missing} of its ${worker} worker`,
    );
    expect(() => workersOf({ name, outputs: left })).toThrow('Deploy it again: `npx cdk deploy`.');
  },
);

describe('an earlier version, which does not tell its routes', () => {
  const { Routes: _, ...earlier } = outputs;

  test('has the workers whose queues are known', () => {
    expect(workersOf({ name, outputs: earlier })).toEqual(['inbound', 'old']);
    expect(readRoutes({ name, outputs: earlier })).toBeUndefined();
  });

  test('is refused with a sentence if routes are needed', () => {
    expect(() => routesOf({ name, outputs: earlier })).toThrow(
      `${name} is of an earlier version, which does not tell which worker handles which type. Deploy it first: \`npx cdk deploy\`.`,
    );
  });

  test('lacks a queue if only that of its dead letters is known', () => {
    const { OldQueueUrl: _url, ...left } = earlier as Record<string, string>;
    expect(() => workersOf({ name, outputs: left })).toThrow(
      'lacks the output OldQueueUrl of its old worker',
    );
  });
});

test('routes of another form are those of a newer version, and no worker is guessed', () => {
  const newer = { name, outputs: { ...outputs, Routes: '{"version":2}' } };
  for (const read of [readRoutes, routesOf, workersOf])
    expect(() => read(newer)).toThrow(
      'If a newer version of zavu-webhooks deployed it, install that version here.',
    );
});
