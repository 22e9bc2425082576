import { randomUUID } from 'node:crypto';

/** An error that Secrets Manager answers, by its code. */
export class SecretsManagerError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Version {
  text: string;
  stages: Set<string>;
}

/**
 * The versions of one secret and their staging labels. A label is attached to one version at most.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
 */
export class SecretVersions {
  readonly #versions = new Map<string, Version>();

  constructor(text: string) {
    this.put(text, randomUUID(), ['AWSCURRENT']);
  }

  /** The version with an id, or, without one, with a staging label. */
  get(id: string | undefined, stage = 'AWSCURRENT'): { id: string; text: string; stages: string[] } {
    const found = id ?? this.#holder(stage);
    const version = found === undefined ? undefined : this.#versions.get(found);
    if (found === undefined || !version) {
      throw new SecretsManagerError('ResourceNotFoundException', `There is no version ${id ?? stage}.`);
    }
    return { id: found, text: version.text, stages: [...version.stages] };
  }

  /** Stores a version. The same text under the same id changes nothing, because a call may be repeated. */
  put(text: string, id: string, stages: readonly string[]): void {
    const known = this.#versions.get(id);
    if (known?.text === text) return;
    if (known) throw new SecretsManagerError('ResourceExistsException', `Version ${id} is there already.`);
    this.#versions.set(id, { text, stages: new Set() });
    for (const stage of stages) this.#attach(stage, id);
  }

  /**
   * Moves a label, or takes it away.
   *
   * @param from the version that must have it, if any has
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
   */
  move(stage: string, from: string | undefined, to: string | undefined): void {
    const holder = this.#holder(stage);
    if (holder !== from && holder !== to) {
      const attachment = holder ? `attached to version ${holder}` : 'not attached to a version';
      throw new SecretsManagerError('InvalidParameterException', `Staging label ${stage} is ${attachment}.`);
    }
    if (to !== undefined) {
      this.#attach(stage, this.get(to).id);
    } else if (stage === 'AWSCURRENT') {
      throw new SecretsManagerError('InvalidParameterException', 'AWSCURRENT can only be moved.');
    } else {
      this.#versions.get(from ?? '')?.stages.delete(stage);
    }
  }

  #attach(stage: string, id: string): void {
    const holder = this.#holder(stage);
    if (holder === id) return;
    this.#versions.get(holder ?? '')?.stages.delete(stage);
    this.#versions.get(id)?.stages.add(stage);
    if (stage === 'AWSCURRENT' && holder) this.#attach('AWSPREVIOUS', holder);
  }

  #holder(stage: string): string | undefined {
    return [...this.#versions].find(([, { stages }]) => stages.has(stage))?.[0];
  }
}
