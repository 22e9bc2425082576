import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ApiKeyRefused } from '../../lambda/reconcile/api/api-errors.ts';
import { createZavuProject } from '../../lambda/reconcile/api/zavu-project.ts';
import { isApiKey, parseApiKeys } from '../../lambda/reconcile/api-keys.ts';
import { apiKeySecretName } from '../reconcile/api-keys.ts';
import type { Deployment } from '../shared/deployment.ts';
import { pluralize } from '../shared/plural.ts';
import { readHidden } from './input.ts';
import type { SecretsResult } from './result.ts';
import { SecretStore } from './store.ts';

/**
 * Reads an API key and stores it, once Zavu takes it. A key of a project that has one already takes its place, and that of
 * every key that Zavu refuses: its project cannot be asked for any more, and each run would fail.
 *
 * @throws Error saying what to do if it is no key of a live project, or if the deployment does not reconcile
 */
export async function storeApiKey(deployment: Deployment, input = process.stdin): Promise<SecretsResult> {
  const client = new SecretsManagerClient(deployment.client('secretsManager'));
  try {
    const store = new SecretStore(client, apiKeySecretName(deployment));
    const apiKey = await readHidden('API key of Zavu', input);
    if (!isApiKey(apiKey)) throw new Error('That is no API key: it begins with zv_live_. Copy it from Zavu.');
    const projectId = await projectOf(apiKey);
    const replaced = new Set([apiKey]);
    for (const key of keysIn(await store.read())) if (await isReplaced(key, projectId)) replaced.add(key);
    let keys: string[] = [];
    await store.edit((text) => {
      keys = [...keysIn(text).filter((key) => !replaced.has(key)), apiKey];
      return keys.join('\n');
    });
    return {
      text: `Stored the API key of project ${projectId}. The next hourly run uses it. It asks with ${pluralize(keys.length, 'key')}.`,
      json: { project: projectId, keys: keys.length },
    };
  } finally {
    client.destroy();
  }
}

/** The keys of a secret; none of one that nobody has stored yet. */
function keysIn(text: string): string[] {
  try {
    return parseApiKeys(text);
  } catch {
    return [];
  }
}

/** Whether a key of a project takes the place of one that is stored. */
async function isReplaced(key: string, projectId: string): Promise<boolean> {
  try {
    return (await projectOf(key)) === projectId;
  } catch (error) {
    // A key that only is not answered may be good.
    return error instanceof ApiKeyRefused;
  }
}

async function projectOf(apiKey: string): Promise<string> {
  const project = createZavuProject({
    apiKey,
    ...(process.env.ZAVUDEV_BASE_URL ? { baseUrl: process.env.ZAVUDEV_BASE_URL } : {}),
    requestsPerMinute: 60,
    signal: AbortSignal.timeout(20_000),
  });
  const { projectId, isTestMode } = await project.identity();
  if (!isTestMode) return projectId;
  throw new Error(
    "That key is one of Zavu's test mode, which shows nothing of real messages. Take a live key.",
  );
}
