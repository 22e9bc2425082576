import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../shared/deployment.ts';

/** The label under which an edit lies until it counts. The same for all, so that dead edits do not pile up. */
const pending = 'ZAVU_PENDING';

/** How often an edit is done anew because another was faster. */
const maxConflicts = 10;

interface Version {
  id: string;
  text: string;
}

/**
 * The stack's secret, edited so that edits at the same time do not lose each other.
 *
 * Secrets Manager knows no conditional write, but AWSCURRENT moves only away from the version that the caller
 * names (docs/decisions/0015).
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export class SecretStore {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;

  /** @param secretId name or ARN */
  constructor(client: SecretsManagerClient, secretId: string) {
    this.#client = client;
    this.#secretId = secretId;
  }

  /** The text as it is now. */
  async read(): Promise<string> {
    return (await this.#current()).text;
  }

  /**
   * Replaces the text.
   *
   * @param change makes the new text of the present one. Where others edit too it is called again, and it may be
   *   given a text that holds its own change already. What it throws ends the edit
   * @throws Error where others were faster ten times, or with what Secrets Manager answers
   */
  async edit(change: (text: string) => string): Promise<void> {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
      const version = await this.#current();
      if (await this.#swap(version, change(version.text))) return;
      await sleep(randomInt(50, 100 + 100 * conflicts));
    }
    throw new Error('The secret is being changed by others all the time. Nothing was changed; run it again.');
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
        VersionStages: [pending],
      }),
    );
    try {
      await this.#move('AWSCURRENT', { from: from.id, to: id });
      return true;
    } catch (error) {
      // What became of it, rather than which error says so: the answer to a move that was made may be lost.
      const now = await this.#current();
      if (now.id === from.id) throw error;
      return now.id === id;
    } finally {
      // Where that fails, or another edit has taken the label since, the label goes with the next edit.
      await this.#move(pending, { from: id }).catch(() => undefined);
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
 * The store of a deployment's signing secrets.
 *
 * @throws Error where the deployment does not say where they are
 */
export function storeOf(deployment: Deployment): SecretStore {
  const { SigningSecretName } = deployment.outputs;
  if (!SigningSecretName) {
    throw new Error(`${deployment.name} has no output SigningSecretName. Deploy it: \`npx cdk deploy\`.`);
  }
  return new SecretStore(new SecretsManagerClient(deployment.client('secretsManager')), SigningSecretName);
}
