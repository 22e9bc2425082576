import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { SecretStore } from '../../../cli/secrets/store.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';

const SecretId = 'Secret-local';
const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-000000`;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

let emulator: Server;
let proxy: FaultyProxy;
let client: SecretsManagerClient;
let store: SecretStore;

beforeEach(async () => {
  emulator = createSecretsManager(new Map([[arn, 'first']])).listen(0, '127.0.0.1');
  await once(emulator, 'listening');
  const endpoint = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  proxy = await FaultyProxy.start(endpoint);
  client = new SecretsManagerClient({ region: 'us-east-1', endpoint, credentials });
  store = new SecretStore(client, SecretId);
});
afterEach(async () => {
  client.destroy();
  await proxy.stop();
  emulator.closeAllConnections();
  emulator.close();
});

const version = (VersionStage: string) => client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
const put = (SecretString: string) => client.send(new PutSecretValueCommand({ SecretId, SecretString }));

async function expectNoLitter(): Promise<void> {
  await expect(version('ZAVU_PENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
}

test('an edit replaces the text, keeps the last as AWSPREVIOUS and leaves no label', async () => {
  await store.edit((text) => `${text}, second`);
  expect(await store.read()).toBe('first, second');
  expect((await version('AWSPREVIOUS')).SecretString).toBe('first');
  await expectNoLitter();
});

test('an edit that is overtaken is done anew, on what the other one wrote', async () => {
  // Another writes between our reading and our writing, in the way of the AWS CLI.
  const original = client.send.bind(client);
  let overtaken = false;
  jest.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof PutSecretValueCommand && !overtaken) {
      overtaken = true;
      await put('theirs');
    }
    return original(command as GetSecretValueCommand);
  });
  await store.edit((text) => `${text}+mine`);
  expect(await store.read()).toBe('theirs+mine');
  await expectNoLitter();
});

test('edits at the same time do not lose each other', async () => {
  const edits = Array.from({ length: 6 }, (_, index) => store.edit((text) => `${text} ${index}`));
  await Promise.all(edits);
  expect((await store.read()).split(' ').sort()).toEqual(['0', '1', '2', '3', '4', '5', 'first']);
  await expectNoLitter();
});

test('what the change throws ends the edit, and nothing was written', async () => {
  const refuse = () => {
    throw new Error('No.');
  };
  await expect(store.edit(refuse)).rejects.toThrow('No.');
  expect(await store.read()).toBe('first');
});

test('an edit that died is no hindrance, and its label goes with the next', async () => {
  const dead = { SecretString: 'dead', VersionStages: ['ZAVU_PENDING'] };
  await client.send(new PutSecretValueCommand({ SecretId, ...dead }));
  await store.edit((text) => `${text}, second`);
  expect(await store.read()).toBe('first, second');
  await expectNoLitter();
});

test('an edit whose answers are lost has been made, once', async () => {
  const lossy = new SecretsManagerClient({ region: 'us-east-1', endpoint: proxy.endpoint, credentials });
  const original = lossy.send.bind(lossy);
  jest.spyOn(lossy, 'send').mockImplementation((command: unknown) => {
    const moves = command instanceof UpdateSecretVersionStageCommand && command.input.MoveToVersionId;
    proxy.become(moves ? 'lost answers' : 'up');
    return original(command as GetSecretValueCommand);
  });
  await new SecretStore(lossy, SecretId).edit((text) => `${text}, second`);
  expect(await store.read()).toBe('first, second');
  await expectNoLitter();
  lossy.destroy();
});

test('others that are faster every time: an error that says so, and no label left', async () => {
  const original = client.send.bind(client);
  jest.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof PutSecretValueCommand && command.input.VersionStages) await put('theirs');
    return original(command as GetSecretValueCommand);
  });
  await expect(store.edit((text) => `${text}+mine`)).rejects.toThrow('run it again');
  expect(await store.read()).toBe('theirs');
  await expectNoLitter();
});
