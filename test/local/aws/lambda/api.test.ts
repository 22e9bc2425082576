import { LambdaClient } from '@aws-sdk/client-lambda';
import { setPolling, stateOf } from '../../../../lambda/pauses/polling.ts';
import { type Emulator, listen } from '../../../../local/aws/emulator.ts';
import { parseAwsCalls } from '../../../../local/aws/endpoint/aws-call.ts';
import { createLambdaApi } from '../../../../local/aws/lambda/api.ts';
import { EventSources } from '../../../../local/runtime/event-sources/event-sources.ts';
import { anyCredentials } from '../../../support/credentials.ts';

const off = new Set<string>();
const begun: string[] = [];
/** Ends the batches that a stopped event source has in hand. */
let finish: () => void = () => undefined;
const planned = new Map(
  ['A', 'B'].map((id) => [
    id,
    () => {
      begun.push(id);
      return {
        stop() {
          const done = new Promise<void>((resolve) => {
            finish = resolve;
          });
          return { received: Promise.resolve(), done };
        },
      };
    },
  ]),
);

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
  off.clear();
  begun.length = 0;
  current = new EventSources(planned, off);
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
  current = new EventSources(planned, off);
  current.start();
  expect(begun).toEqual(['B']);
  expect(await stateOf(client, 'A')).toBe('Disabled');
});

test('a mapping that a deployment takes away and brings back is on', () => {
  current.set('A', false);
  new EventSources(new Map(), off).start();
  current = new EventSources(planned, off);
  current.start();
  expect(current.state('A')).toBe('Enabled');
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
