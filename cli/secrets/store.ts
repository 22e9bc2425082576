import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type Deployment, earlierVersionError } from '../shared/deployment.ts';

/** The staging label of an edit until it counts. All edits use the same one, so that dead edits do not pile up. */
const pendingStage = 'ZAVU_PENDING';

/** How often an edit is made again because another one was faster. */
const maxConflicts = 10;

interface Version {
  id: string;
  text: string;
}

/**
 * The stack's secret. Edits at the same time do not lose each other's changes.
 *
 * Secrets Manager has no conditional write, but it moves AWSCURRENT only away from the version that the caller names
 * (docs/decisions/0015).
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export class SecretStore {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;
  readonly #refusal: Error | undefined;

  /**
   * @param secretId name or ARN
   * @param refusal why the text may be read only. @default it may be edited, too
   */
  constructor(client: SecretsManagerClient, secretId: string, refusal?: Error) {
    this.#client = client;
    this.#secretId = secretId;
    this.#refusal = refusal;
  }

  /** The text as it is now. */
  async read(): Promise<string> {
    return (await this.#current()).text;
  }

  /**
   * Replaces the text.
   *
   * @param change makes the new text from the present one. If others edit too, it is called again, and the text may
   *   hold its own change already. What it throws ends the edit
   * @throws Error if the text may be read only, if others were faster ten times, or with what Secrets Manager answers
   */
  async edit(change: (text: string) => string): Promise<void> {
    if (this.#refusal) throw this.#refusal;
    for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
      const version = await this.#current();
      if (await this.#swap(version, change(version.text))) return;
      await sleep(randomInt(50, 100 + 100 * conflicts));
    }
    throw new Error(
      'Others change the secret all the time. Nothing was changed: run the same command again.',
    );
  }

  async #current(): Promise<Version> {
    const { SecretString = '', VersionId = '' } = await this.#client.send(
      new GetSecretValueCommand({ SecretId: this.#secretId }),
    );
    return { id: VersionId, text: SecretString };
  }

  /** Puts a text in the place of a version. Gives whether that version was still the current one. */
  async #swap(from: Version, text: string): Promise<boolean> {
    const id = randomUUID();
    await this.#client.send(
      new PutSecretValueCommand({
        SecretId: this.#secretId,
        SecretString: text,
        ClientRequestToken: id,
        VersionStages: [pendingStage],
      }),
    );
    try {
      await this.#move('AWSCURRENT', { from: from.id, to: id });
      return true;
    } catch (error) {
      // What became of the move decides, not the error: it may have been made, and its answer lost.
      const now = await this.#current();
      if (now.id === from.id) throw error;
      return now.id === id;
    } finally {
      // If that fails, or if another edit has the staging label by now, the next edit removes it.
      await this.#move(pendingStage, { from: id }).catch(() => undefined);
    }
  }

  async #move(stage: string, { from, to }: { from: string; to?: string }): Promise<void> {
    await this.#client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: this.#secretId,
        VersionStage: stage,
        RemoveFromVersionId: from,
        ...(to === undefined ? {} : { MoveToVersionId: to }),
      }),
    );
  }
}

/**
 * Creates the store of a deployment's signing secrets. If the deployment is of an earlier version it refuses edits: the
 * receiver of that version takes a list with a field that it does not know for malformed, and answers 503.
 *
 * @throws Error if the deployment's outputs do not name the secret
 */
export function createSecretStore(deployment: Deployment): SecretStore {
  const { SigningSecretName } = deployment.outputs;
  if (!SigningSecretName) {
    throw new Error(`${deployment.name} has no output SigningSecretName. Deploy it: \`npx cdk deploy\`.`);
  }
  const client = new SecretsManagerClient(deployment.client('secretsManager'));
  return new SecretStore(client, SigningSecretName, earlierVersionError(deployment));
}
