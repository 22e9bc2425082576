import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseApiKeys } from '../../lambda/reconcile/api-keys.ts';
import { outputNames } from '../../lib/outputs.ts';
import type { Deployment } from '../shared/deployment.ts';

/**
 * The name of the secret that holds the API keys.
 *
 * @throws Error saying what to do if the deployment does not reconcile
 */
export function apiKeySecretName({ name, outputs }: Deployment): string {
  const secretName = outputs[outputNames.apiKeySecretName];
  if (secretName) return secretName;
  throw new Error(`${name} does not reconcile. Switch it on: \`npx cdk deploy -c reconcile=true\`.`);
}

/**
 * Reads the API keys that a deployment reconciles with.
 *
 * @throws Error saying what to do if there is none
 */
export async function readApiKeys(deployment: Deployment): Promise<string[]> {
  const client = new SecretsManagerClient(deployment.client('secretsManager'));
  try {
    const get = new GetSecretValueCommand({ SecretId: apiKeySecretName(deployment) });
    const { SecretString = '' } = await client.send(get);
    return parseApiKeys(SecretString);
  } finally {
    client.destroy();
  }
}
