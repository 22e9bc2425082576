import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { parseEventSources } from '../../lambda/pauses/event-sources.ts';
import { PauseRecords } from '../../lambda/pauses/pause-records.ts';
import { setPolling } from '../../lambda/pauses/polling.ts';
import { sample } from '../../lambda/zavu/samples.ts';
import type { Grant } from '../../testing/report-line.ts';
import { assemblyOf } from '../support/assembly.ts';
import { eventually } from '../support/eventually.ts';
import { routes, type WorkerName, workerNames } from '../support/handlers.ts';
import { StartedStack } from '../support/started-stack.ts';
import { synthesizeStack } from '../support/template.ts';
import { idleGrantsOf, usesOf } from '../support/uses.ts';
import { deliver, inbound } from '../support/webhook.ts';
import { orders } from './orders.ts';

/** All that adds a grant. */
const settings = { eventBus: 'true', archive: 'true', canary: 'true', gradualDeployment: 'true' };
const { assembly, resolve } = assemblyOf(synthesizeStack(settings).toJSON().Resources);

let stack: StartedStack;

beforeAll(async () => {
  stack = await StartedStack.start({
    settings,
    // The keeper of pauses runs every five minutes.
    options: ['--speed=60'],
  });
});
afterAll(async () => {
  await stack.stop();
});

test('every grant of the stack is used when events take each of their ways', async () => {
  const handled = workerNames.map((name) => ofWorker(name, 'hello'));
  const failing = workerNames.map((name) => ofWorker(name, orders.throw));
  const unrouted = { ...inbound('hello'), type: 'message.reaction' };
  for (const event of [...handled, ...handled, ...failing, unrouted]) {
    await deliver(stack, event);
  }
  for (const { id } of handled) await stack.until(id, ['handled', 'duplicate'], 2);
  for (const { id } of failing) await stack.until(id, ['dead_lettered']);
  await stack.until(unrouted.id, ['unrouted']);

  await endPauses();

  const used = () => new Set(stack.granted.map(nameOf));
  // The canary looks for its events until they were handled, and is the last to come to an end.
  const missing = () => usesOf(assembly, resolve).filter((use) => !used().has(nameOf(use)));
  await eventually(
    () => missing().length === 0,
    () => `the use of ${missing().map(nameOf).join(', ')}`,
  );
  const known = new Set([...used(), ...idleGrantsOf(assembly, resolve).map(nameOf)]);
  expect(stack.ready.grants.length).toBeGreaterThan(50);
  expect(stack.ready.grants.map(nameOf).filter((name) => !known.has(name))).toEqual([]);
});

test('a call that the role of a handler does not allow is denied, and the event is tried again as after any failure', async () => {
  const event = inbound(orders.trespass);
  await deliver(stack, event);
  await stack.until(event.id, ['dead_lettered']);
  expect(stack.takeDenied()).toEqual([
    expect.stringMatching(
      /^\S+:role\/InboundWorkerFunctionRole\w+ is not authorized to perform: dynamodb:Scan on resource: \S+:table\/\w+ because no policy allows it$/,
    ),
  ]);
  const { attributes } = await stack.deadLetter('InboundWorkerDeadLetterQueue', event.id);
  expect(attributes.error).toMatch(/^AccessDeniedException: /);
});

/** Gives the keeper what it has to do: a pause that is over, and for all other workers one that has ended, but for its record. */
async function endPauses(): Promise<void> {
  const { outputs, endpoints, credentials } = stack.ready;
  const client = { region: 'us-east-1', credentials };
  const dynamoDb = new DynamoDBClient({ ...client, endpoint: endpoints.dynamodb });
  const lambda = new LambdaClient({ ...client, endpoint: endpoints.lambda });
  const pauses = new PauseRecords(dynamoDb, outputs.IdempotencyTableName ?? '');
  const [one, ...others] = parseEventSources(outputs.EventSources ?? '');
  if (!one) throw new Error('no worker');
  await setPolling(lambda, one.id, false);
  await pauses.put(one.worker, { since: 0, until: 1 });
  for (const { worker, id } of others) {
    await setPolling(lambda, id, false);
    await pauses.put(worker, { since: 0, until: Date.now(), hasEnded: true, drained: Date.now() });
  }
  dynamoDb.destroy();
  lambda.destroy();
}

/** An event for a worker, whose handler does as the text says. */
function ofWorker(name: WorkerName, text: string) {
  const [type = ''] = routes.typesOf(name);
  const { data }: { data: object } = JSON.parse(sample(type));
  return { ...inbound(text), type, data: { ...data, text } };
}

function nameOf({ principal, action, resource }: Grant): string {
  // The logical id of an event source has its stack's name in it.
  const short = resource.replace(/(:event-source-mapping:[A-Z][a-z]+).*/, '$1');
  return [principal, action, short].join(' ');
}
