import { allocatedBytes } from '../bench/allocations.ts';
import { lambdaEnvironment } from '../bench/functions.ts';
import { Loopback } from '../bench/loopback.ts';
import { batchOf, inboundBody, isHandled, isTaken, secret, webhookOf } from '../bench/webhook.ts';
import { allocationBudgets, excessOf } from './support/budgets.ts';
import { bundledFunctions } from './support/bundled-functions.ts';

jest.unmock('../lib/functions/bundle.ts');

const functions = bundledFunctions({});

describe('bytes allocated for an event', () => {
  let service: Loopback;
  beforeAll(async () => {
    service = await Loopback.start(secret);
  });
  afterAll(() => service.stop());

  const allocating = (name: string) => {
    const { module = '', environment } = functions.find((each) => each.name === name) ?? {};
    const calling = { AWS_ENDPOINT_URL: service.endpoint, NODE_EXTRA_CA_CERTS: service.certificate };
    return { module, environment: { ...lambdaEnvironment(name, 512), ...environment, ...calling } };
  };

  test('the receiver: a request', async () => {
    const requests = () => Array.from({ length: 100 }, () => webhookOf(inboundBody()));
    const { median } = await allocatedBytes(allocating('Receiver'), requests, isTaken);
    expect(excessOf('receiver', median)).toBeUndefined();
  });

  test('a worker: an event in a batch of ten', async () => {
    const batches = () => Array.from({ length: 5 }, () => batchOf(Array.from({ length: 10 }, inboundBody)));
    const { median } = await allocatedBytes(allocating('Inbound'), batches, isHandled, {
      eventsPerInvocation: 10,
    });
    expect(excessOf('worker', median)).toBeUndefined();
  });

  test('an excess is told with what to do', () => {
    expect(excessOf('receiver', allocationBudgets.receiver)).toBeUndefined();
    expect(excessOf('receiver', 60_000.4)).toMatch(
      /^The receiver allocates 60000 bytes for an event, and its budget is \d+: /,
    );
  });
});
