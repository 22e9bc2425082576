import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ApiKeyRefused } from '../../lambda/reconcile/api/api-errors.ts';
import { isApiKey, parseApiKeys } from '../../lambda/reconcile/api-keys.ts';
import { apiKeySecretName } from '../reconcile/api-keys.ts';
import type { Deployment } from '../shared/deployment.ts';
import { pluralize } from '../shared/plural.ts';
import { createProject } from '../shared/zavu.ts';
import { readHidden } from './input.ts';
import type { SecretsResult } from './result.ts';
import { SecretStore } from './store.ts';

/**
 * Reads an API key and stores it, once Zavu takes it. It takes the place of a key of the same project, and of those that Zavu
 * refuses: one that was revoked names no project any more, and would fail each run.
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
    const stored = keysIn(await store.read()).filter((key) => key !== apiKey);
    const { replaced, refused } = await replacedBy(projectId, stored, projectOf);
    const gone = new Set([...replaced, ...refused, apiKey]);
    let keys: string[] = [];
    await store.edit((text) => {
      keys = [...keysIn(text).filter((key) => !gone.has(key)), apiKey];
      return keys.join('\n');
    });
    const dropped =
      refused.length > 0
        ? ` ${pluralize(refused.length, 'other key')} that Zavu refuses left the secret.`
        : '';
    return {
      text: `Stored the API key of project ${projectId}. The next hourly run uses it.${dropped}`,
      json: { project: projectId, keys: keys.length, refused: refused.length },
    };
  } finally {
    client.destroy();
  }
}

/**
 * Which stored keys a new one takes the place of.
 *
 * @param projectId of the new key
 * @param projectOf gives the project of a key. A key of which Zavu does not answer now stays
 */
export async function replacedBy(
  projectId: string,
  stored: readonly string[],
  projectOf: (apiKey: string) => Promise<string>,
): Promise<{ replaced: string[]; refused: string[] }> {
  const replaced: string[] = [];
  const refused: string[] = [];
  for (const key of stored) {
    try {
      if ((await projectOf(key)) === projectId) replaced.push(key);
    } catch (error) {
      if (error instanceof ApiKeyRefused) refused.push(key);
    }
  }
  return { replaced, refused };
}

/** The keys of a secret; none of one that nobody has stored yet. */
function keysIn(text: string): string[] {
  try {
    return parseApiKeys(text);
  } catch {
    return [];
  }
}

async function projectOf(apiKey: string): Promise<string> {
  const project = createProject(apiKey, AbortSignal.timeout(20_000));
  const { projectId, isTestMode } = await project.identity();
  if (!isTestMode) return projectId;
  throw new Error(
    "That key is one of Zavu's test mode, which shows nothing of real messages. Take a live key.",
  );
}
