import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { createSecretStore, SecretStore } from '../../../cli/secrets/store.ts';
import type { Outputs } from '../../../lib/outputs.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager/secrets-manager.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';

const SecretId = 'Secret-local';
const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-000000`;

let emulator: Server;
let proxy: FaultyProxy;
let client: SecretsManagerClient;
let store: SecretStore;

beforeEach(async () => {
  emulator = createSecretsManager(new Map([[arn, 'first']])).listen(0, '127.0.0.1');
  await once(emulator, 'listening');
  const endpoint = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  proxy = await FaultyProxy.start(endpoint);
  client = new SecretsManagerClient({ region: 'us-east-1', endpoint, credentials: anyCredentials });
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

test('an edit replaces the text, keeps the last one as AWSPREVIOUS, and leaves no staging label', async () => {
  await store.edit((text) => `${text}, second`);
  expect(await store.read()).toBe('first, second');
  expect((await version('AWSPREVIOUS')).SecretString).toBe('first');
  await expectNoLitter();
});

test('an edit that another one overtakes is made again, on what the other one wrote', async () => {
  // Another writes between our reading and our writing, as the AWS CLI writes.
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

test('an error of the change ends the edit, and nothing is written', async () => {
  const refuse = () => {
    throw new Error('No.');
  };
  await expect(store.edit(refuse)).rejects.toThrow('No.');
  expect(await store.read()).toBe('first');
});

test('an edit that died does not hinder the next one, which removes its staging label', async () => {
  const dead = { SecretString: 'dead', VersionStages: ['ZAVU_PENDING'] };
  await client.send(new PutSecretValueCommand({ SecretId, ...dead }));
  await store.edit((text) => `${text}, second`);
  expect(await store.read()).toBe('first, second');
  await expectNoLitter();
});

test('an edit whose answers are lost is made once', async () => {
  const lossy = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: proxy.endpoint,
    credentials: anyCredentials,
  });
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

test('if others are faster every time, an error says so, and no staging label is left', async () => {
  const original = client.send.bind(client);
  jest.spyOn(client, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof PutSecretValueCommand && command.input.VersionStages) await put('theirs');
    return original(command as GetSecretValueCommand);
  });
  await expect(store.edit((text) => `${text}+mine`)).rejects.toThrow('run the same command again');
  expect(await store.read()).toBe('theirs');
  await expectNoLitter();
});

describe('the secret of a deployed stack', () => {
  const storeOf = (outputs: Outputs) =>
    createSecretStore({
      name: 'ZavuWebhooks-prod',
      outputs: { SigningSecretName: SecretId, ...outputs },
      alarmPrefix: '',
      client: () => ({ region: 'us-east-1', endpoint: proxy.endpoint, credentials: anyCredentials }),
    });

  test('an edit is refused if the stack is of an earlier version, which does not know every field', async () => {
    // Its queue of unrouted events has another name, and so another output.
    const earlier = storeOf({});
    expect(await earlier.read()).toBe('first');
    await expect(earlier.edit((text) => `${text}, second`)).rejects.toThrow(
      'ZavuWebhooks-prod is of an earlier version. Deploy it first: `npx cdk deploy`.',
    );
    expect(await earlier.read()).toBe('first');
  });

  test('an edit is made if the stack is of this version', async () => {
    const present = storeOf({ UnroutedQueueUrl: 'https://sqs/unrouted' });
    await present.edit((text) => `${text}, second`);
    expect(await present.read()).toBe('first, second');
  });
});
