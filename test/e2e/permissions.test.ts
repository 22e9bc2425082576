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
  stack = await StartedStack.start({ settings });
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

/** An event for a worker, whose handler does as the text says. */
function ofWorker(name: WorkerName, text: string) {
  const [type = ''] = routes.typesOf(name);
  const { data }: { data: object } = JSON.parse(sample(type));
  return { ...inbound(text), type, data: { ...data, text } };
}

function nameOf({ principal, action, resource }: Grant): string {
  return [principal, action, resource].join(' ');
}
