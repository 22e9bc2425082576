import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import Zavudev from '@zavudev/sdk';

let client: Zavudev | undefined;

/** The client of Zavu's API, with the key that the secret holds. It is fetched once for each execution environment. */
export async function connect(): Promise<Zavudev> {
  client ??= new Zavudev({ apiKey: await fetchKey() });
  return client;
}

async function fetchKey(): Promise<string> {
  const get = new GetSecretValueCommand({ SecretId: process.env.API_KEY_SECRET_ID });
  const { SecretString } = await new SecretsManagerClient().send(get);
  if (!SecretString)
    throw new Error('The secret holds no key. Store it: aws secretsmanager put-secret-value');
  return SecretString;
}
