import { LambdaClient } from '@aws-sdk/client-lambda';
import { setPolling, stateOf } from '../../../../lambda/pauses/polling.ts';
import { type Emulator, listen } from '../../../../local/aws/emulator.ts';
import { parseAwsCalls } from '../../../../local/aws/endpoint/aws-call.ts';
import { createLambdaApi } from '../../../../local/aws/lambda/api.ts';
import { EventSources, type Switch } from '../../../../local/runtime/event-sources/event-sources.ts';
import { anyCredentials } from '../../../support/credentials.ts';

const switches = new Map<string, Switch>();
const begun: string[] = [];
/** Ends the batches that a stopped event source has in hand. */
let finish: () => void = () => undefined;
/** Event sources that note when they begin, as templates have them. */
const plannedAs = (templates: Record<string, boolean>) =>
  new Map(
    Object.entries(templates).map(([id, isEnabled]) => {
      const begin = () => {
        begun.push(id);
        return {
          stop() {
            const done = new Promise<void>((resolve) => {
              finish = resolve;
            });
            return { received: Promise.resolve(), done };
          },
        };
      };
      return [id, { isEnabled, begin }];
    }),
  );
const planned = plannedAs({ A: true, B: true });

let current: EventSources;
let api: Emulator;
let client: LambdaClient;

beforeAll(async () => {
  api = await listen(createLambdaApi(() => current));
  client = new LambdaClient({
    endpoint: api.endpoint,
    region: 'us-east-1',
    credentials: anyCredentials,
    maxAttempts: 1,
  });
});
beforeEach(() => {
  switches.clear();
  begun.length = 0;
  current = new EventSources(planned, switches);
  current.start();
});
afterAll(async () => {
  client.destroy();
  await api.stop();
});

test('an event source that is switched off finishes its batches, and meanwhile takes no change', async () => {
  expect(await stateOf(client, 'A')).toBe('Enabled');
  await setPolling(client, 'A', false);
  expect(await stateOf(client, 'A')).toBe('Disabling');
  await expect(setPolling(client, 'A', true)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  finish();
  await new Promise(setImmediate);
  expect(await stateOf(client, 'A')).toBe('Disabled');
  await setPolling(client, 'A', true);
  expect([await stateOf(client, 'A'), await stateOf(client, 'B')]).toEqual(['Enabled', 'Enabled']);
  expect(begun).toEqual(['A', 'B', 'A']);
});

test('the next deployment leaves it off', async () => {
  current.set('A', false);
  begun.length = 0;
  current = new EventSources(planned, switches);
  current.start();
  expect(begun).toEqual(['B']);
  expect(await stateOf(client, 'A')).toBe('Disabled');
});

test('a mapping that a deployment takes away and brings back is on', () => {
  current.set('A', false);
  new EventSources(new Map(), switches).start();
  current = new EventSources(planned, switches);
  current.start();
  expect(current.state('A')).toBe('Enabled');
});

test('one that its template does not enable begins when it is switched on, and stays so', async () => {
  const template = { A: true, B: false };
  switches.clear();
  begun.length = 0;
  current = new EventSources(plannedAs(template), switches);
  expect(current.state('B')).toBe('Disabled');
  current.start();
  expect(begun).toEqual(['A']);
  expect(await stateOf(client, 'B')).toBe('Disabled');
  await setPolling(client, 'B', true);
  current = new EventSources(plannedAs(template), switches);
  current.start();
  expect(begun).toEqual(['A', 'B', 'A', 'B']);
  expect(await stateOf(client, 'B')).toBe('Enabled');
});

test('a deployment whose template changes that switches it', () => {
  current.set('B', false);
  for (const isEnabled of [false, true]) {
    current = new EventSources(plannedAs({ A: isEnabled, B: true }), switches);
    current.start();
    expect([current.state('A'), current.state('B')]).toEqual([
      isEnabled ? 'Enabled' : 'Disabled',
      'Disabled',
    ]);
  }
});

test('an event source that is not there is refused', async () => {
  await expect(stateOf(client, 'C')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('the endpoint reads from its path what a call needs a permission for', () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=Keeper/20260101/us-east-1/lambda/aws4_request';
  const read = (method: string, url: string) => parseAwsCalls({ authorization }, '', { method, url })[0];
  const resource = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:A';
  expect(read('PUT', '/2015-03-31/event-source-mappings/A')).toEqual({
    service: 'lambda',
    accessKeyId: 'Keeper',
    action: 'lambda:UpdateEventSourceMapping',
    resource,
  });
  expect(read('GET', '/2015-03-31/event-source-mappings/A/')).toMatchObject({
    action: 'lambda:GetEventSourceMapping',
    resource,
  });
  expect(read('DELETE', '/2015-03-31/event-source-mappings/A')).toBeUndefined();
  expect(read('GET', '/2015-03-31/functions/A')).toBeUndefined();
});
