import { eventually } from '../support/eventually.ts';
import { StartedStack } from '../support/started-stack.ts';
import { inbound, post } from '../support/webhook.ts';

/** An account without any concurrency, behind a stage that lets two requests pass at once, and then one in a second. */
const atOnce = 2;
const perSecond = 1;
let stack: StartedStack;
beforeAll(async () => {
  const settings = { throttleRate: String(perSecond) };
  // No function runs here, so a message may come back at once.
  stack = await StartedStack.start({ settings, hiddenSeconds: 1, options: ['--concurrency=0'] });
});
afterAll(() => stack.stop());

test('of many requests at once, Lambda throttles those that the stage lets in, and the access log tells both kinds apart', async () => {
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(stack, inbound('hello'))));
  const seconds = (performance.now() - begun) / 1000;
  const letIn = answers.filter(({ status }) => status === 503);
  expect(letIn.length).toBeGreaterThanOrEqual(1);
  expect(letIn.length).toBeLessThanOrEqual(atOnce + perSecond * seconds);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(answers.length - letIn.length);
  const throttled = () =>
    stack.reports.filter(({ event, function: of }) => event === 'throttled' && of?.startsWith('Receiver'));
  await eventually(
    () => throttled().length >= letIn.length && stack.awsLines.length >= answers.length,
    () => `${letIn.length} throttles and ${answers.length} lines of the access log`,
  );
  expect(throttled()).toHaveLength(letIn.length);
  const logged = stack.awsLines.map(({ line = '' }) => JSON.parse(line));
  expect(logged.map(({ status }) => Number(status)).sort()).toEqual(
    answers.map(({ status }) => status).sort(),
  );
  expect(logged.filter(({ lambdaStatus }) => lambdaStatus === '429')).toHaveLength(letIn.length);
  expect(logged.filter(({ error }) => error === 'THROTTLED')).toHaveLength(answers.length - letIn.length);
});

test('a message for a worker that may not run stays in its queue, and is tried again later', async () => {
  const event = inbound('hello');
  await stack.enqueue('InboundWorkerQueue', JSON.stringify(event));
  const throttles = () =>
    stack.reports.filter(({ event, function: of }) => event === 'throttled' && of?.startsWith('Inbound'));
  // Twice: it came back after its visibility timeout.
  await eventually(
    () => throttles().length >= 2,
    () => `a second throttle; there were ${throttles().length}`,
  );
  expect(stack.of(event.id)).toEqual([]);
  expect(stack.effects(event.id)).toEqual([]);
});
