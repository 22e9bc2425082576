import { typesOf, type WorkerName, workerNames } from '../../lambda/routes.ts';
import { sample } from '../../tools/samples.ts';
import { type Grant, LocalStack } from '../support/local-stack.ts';
import { deliver, inbound } from '../support/webhook.ts';

let stack: LocalStack;

beforeAll(async () => {
  // With all that the settings may add.
  stack = await LocalStack.start({
    settings: { eventBus: 'true', archive: 'true' },
  });
});
afterAll(async () => {
  await stack.stop();
});

/**
 * What no test needs, and why it stands in the template all the same.
 *
 * `GetQueueUrl` comes with CDK's event source for SQS, which grants all that a consumer may want.
 * `GetItem` is how Powertools reads a claim where the service does not hand it over with the refusal of a
 * conditional write; DynamoDB does, some of its emulators do not.
 */
const explained = ['sqs:GetQueueUrl', 'dynamodb:GetItem'];

test('every grant is used on one of the ways that an event can take', async () => {
  const handled = workerNames.map((name) => ofWorker(name, 'hello'));
  const failing = workerNames.map((name) => ofWorker(name, 'throw'));
  const unrouted = { ...inbound('hello'), type: 'message.reaction' };
  for (const event of [...handled, ...handled, ...failing, unrouted]) {
    await deliver(stack, event);
  }
  for (const { id } of handled) await stack.until(id, ['handled', 'duplicate'], 2);
  for (const { id } of failing) await stack.until(id, ['set-aside']);
  await stack.until(unrouted.id, ['parked']);

  const used = new Set(stack.granted.map(nameOf));
  const unused = stack.ready.grants.filter((grant) => !used.has(nameOf(grant)));
  expect(stack.ready.grants.length).toBeGreaterThan(50);
  expect(unused.filter(({ action }) => !explained.includes(action))).toEqual([]);
});

test('what a role does not allow is denied, and tried again like any failure', async () => {
  const event = inbound('trespass');
  await deliver(stack, event);
  await stack.until(event.id, ['set-aside']);
  expect(stack.takeDenied()).toEqual([
    expect.stringMatching(
      /^\S+:role\/InboundFunctionRole\w+ is not authorized to perform: dynamodb:Scan on resource: \S+:table\/\w+ because no policy allows it$/,
    ),
  ]);
  const { attributes } = await stack.deadLetter('InboundDeadLetterQueue', event.id);
  expect(attributes.error).toMatch(/^AccessDeniedException: /);
});

/** An event for a worker, whose handler does as the text says. */
function ofWorker(name: WorkerName, text: string) {
  const [type = ''] = typesOf(name);
  const { data }: { data: object } = JSON.parse(sample(type));
  return { ...inbound(text), type, data: { ...data, text } };
}

function nameOf({ principal, action, resource }: Grant): string {
  return [principal, action, resource].join(' ');
}
