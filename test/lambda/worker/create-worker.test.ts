import { subscribe } from 'node:diagnostics_channel';
import { type AwsInMemory, awsInMemory } from '../../support/aws-in-memory.ts';

let aws: AwsInMemory;
beforeAll(() => {
  aws = awsInMemory();
});
afterAll(() => aws.restore());

test('a worker tells a local run which function handles which event type', async () => {
  const told: unknown[] = [];
  subscribe('zavu:handlers', (handlers) => told.push(handlers));
  // Loaded now: their environment is read when they are loaded.
  const { createWorker } = await import('../../../lambda/worker/create-worker.ts');
  process.env.WORKER_NAME = 'inbound';
  const handlers = { 'message.inbound': async () => undefined };
  createWorker(handlers);
  expect(told).toEqual([handlers]);
});
