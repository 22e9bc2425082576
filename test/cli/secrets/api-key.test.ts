import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { storeApiKey } from '../../../cli/secrets/api-key.ts';
import type { Deployment } from '../../../cli/shared/deployment.ts';
import { outputNames } from '../../../lib/outputs.ts';
import { createSecretsManager } from '../../../local/aws/secrets-manager/secrets-manager.ts';
import { anyCredentials } from '../../support/credentials.ts';
import { StandInProject } from '../../support/zavu-api/project.ts';
import { ZavuApi } from '../../support/zavu-api/zavu-api.ts';

const SecretId = 'ApiKey-local';
const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${SecretId}-000000`;
/** As CloudFormation generates it when the stack is created. */
const placeholder = 'pL4ceh0lderOf64LettersAndDigits'.padEnd(64, '0aB');

let zavu: ZavuApi;
let emulator: Server;
let client: SecretsManagerClient;
let deployment: Deployment;

beforeEach(async () => {
  zavu = await ZavuApi.start();
  zavu.projects.set('zv_live_shop_1', new StandInProject({ id: 'prj_shop' }));
  zavu.projects.set('zv_live_shop_2', new StandInProject({ id: 'prj_shop' }));
  zavu.projects.set('zv_live_bank', new StandInProject({ id: 'prj_bank' }));
  zavu.projects.set('zv_test_shop', new StandInProject({ id: 'prj_shop', isTestMode: true }));
  process.env.ZAVUDEV_BASE_URL = zavu.url;
  emulator = createSecretsManager(new Map([[arn, placeholder]])).listen(0, '127.0.0.1');
  await once(emulator, 'listening');
  const endpoint = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  const settings = { region: 'us-east-1', endpoint, credentials: anyCredentials };
  client = new SecretsManagerClient(settings);
  deployment = {
    name: 'Shop',
    outputs: { [outputNames.apiKeySecretName]: SecretId },
    client: () => settings,
    alarmPrefix: 'Shop',
  };
});
afterEach(async () => {
  delete process.env.ZAVUDEV_BASE_URL;
  client.destroy();
  emulator.closeAllConnections();
  emulator.close();
  await zavu.stop();
});

const store = (text: string, into = deployment) =>
  storeApiKey(
    into,
    Object.assign(Readable.from([text]), { isTTY: false }) as unknown as typeof process.stdin,
  );
const stored = async () => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;

test('a key takes the place of the random text, and nothing of it is shown', async () => {
  const result = await store('zv_live_shop_1\r\n');
  expect(await stored()).toBe('zv_live_shop_1');
  expect(result.json).toEqual({ project: 'prj_shop', keys: 1, refused: 0 });
  expect(JSON.stringify(result)).not.toContain('zv_live');
});

test('a key of another project stands beside it; one of the same project takes its place', async () => {
  await store('zv_live_shop_1');
  expect((await store('zv_live_bank')).json).toEqual({ project: 'prj_bank', keys: 2, refused: 0 });
  expect(await stored()).toBe('zv_live_shop_1\nzv_live_bank');
  expect((await store('zv_live_shop_2')).json).toEqual({ project: 'prj_shop', keys: 2, refused: 0 });
  expect(await stored()).toBe('zv_live_bank\nzv_live_shop_2');
  await store('zv_live_shop_2');
  expect(await stored()).toBe('zv_live_bank\nzv_live_shop_2');
});

test('a key that was revoked goes: nobody can tell which project it was of', async () => {
  await store('zv_live_shop_1');
  await store('zv_live_bank');
  zavu.projects.delete('zv_live_shop_1');
  await store('zv_live_shop_2');
  expect(await stored()).toBe('zv_live_bank\nzv_live_shop_2');
});

test('what somebody else stores at the same time stays', async () => {
  await store('zv_live_shop_1');
  const asked = zavu.requests.length;
  zavu.onRequest = async () => {
    // The second question is about the key that was read.
    if (zavu.requests.length === asked + 2) {
      const SecretString = 'zv_live_shop_1\nzv_live_bank';
      await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
    }
    return undefined;
  };
  await store('zv_live_shop_2');
  expect(await stored()).toBe('zv_live_bank\nzv_live_shop_2');
});

test.each([
  ['a key of test mode', 'zv_test_shop', "one of Zavu's test mode"],
  ['a key that Zavu does not know', 'zv_live_unknown', 'Zavu refuses the API key'],
  ['a signing secret', 'whsec_0123456789abcdef', 'That is no API key'],
  ['two keys', 'zv_live_shop_1\nzv_live_bank', 'That is no API key'],
  ['nothing', '', 'That is no API key'],
])(
  '%s is refused, with a reason that does not quote it, and nothing changes',
  async (_case, text, sentence) => {
    const error: Error = await store(text).then(
      () => new Error('It was stored.'),
      (thrown) => thrown,
    );
    expect(error.message).toContain(sentence);
    for (const key of text.split('\n').filter((each) => each !== ''))
      expect(error.message).not.toContain(key);
    expect(await stored()).toBe(placeholder);
  },
);

test('a deployment that does not reconcile has no place for it, and the error says how to switch it on', async () => {
  await expect(store('zv_live_shop_1', { ...deployment, outputs: {} })).rejects.toThrow(
    'Shop does not reconcile. Switch it on: `npx cdk deploy -c reconcile=true`.',
  );
  expect(zavu.calls).toEqual([]);
});
