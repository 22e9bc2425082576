import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import Zavudev from '@zavudev/sdk';

let client: Zavudev | undefined;

/**
 * The client of Zavu's API, with the key that the secret holds. The secret is read once for each process of the function.
 *
 * @throws Error if the secret cannot be read: the event is tried again later
 */
export async function connect(): Promise<Zavudev> {
  client ??= new Zavudev({ apiKey: await readKey() });
  return client;
}

async function readKey(): Promise<string> {
  const read = new GetSecretValueCommand({ SecretId: process.env.API_KEY_SECRET_ID });
  const { SecretString } = await new SecretsManagerClient().send(read);
  if (!SecretString) throw new Error('The secret has no text. Store the key of the Zavu API in it.');
  return SecretString;
}
