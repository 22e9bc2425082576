import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { SecretsManagerError, SecretVersions } from './secret-versions.ts';

interface RequestBody {
  SecretId?: string;
  SecretString?: string;
  ClientRequestToken?: string;
  VersionId?: string;
  VersionStage?: string;
  VersionStages?: string[];
  MoveToVersionId?: string;
  RemoveFromVersionId?: string;
}

/**
 * Creates the part of Secrets Manager that functions and commands use: GetSecretValue, PutSecretValue and
 * UpdateSecretVersionStage.
 *
 * @param secrets the text that each secret begins with, by its ARN
 */
export function createSecretsManager(secrets: ReadonlyMap<string, string>): Server {
  const versionsOf = new Map<string, SecretVersions>();

  /** A secret is named by its ARN or by its name, which is the end of the ARN without six random characters. */
  function find(id = ''): { arn: string; versions: SecretVersions } {
    const [arn, text] = [...secrets].find(([key]) => key === id || key.includes(`:secret:${id}-`)) ?? [];
    if (arn === undefined || text === undefined) {
      throw new SecretsManagerError('ResourceNotFoundException', `There is no secret ${id}.`);
    }
    const versions = versionsOf.get(arn) ?? new SecretVersions(text);
    versionsOf.set(arn, versions);
    return { arn, versions };
  }

  function answer(action: string | undefined, call: RequestBody): object {
    const { arn, versions } = find(call.SecretId);
    switch (action) {
      case 'GetSecretValue': {
        const { id, text, stages } = versions.get(call.VersionId, call.VersionStage);
        return { ARN: arn, VersionId: id, SecretString: text, VersionStages: stages };
      }
      case 'PutSecretValue': {
        const { SecretString = '', ClientRequestToken: id = randomUUID() } = call;
        versions.put(SecretString, id, call.VersionStages ?? ['AWSCURRENT']);
        return { ARN: arn, VersionId: id, VersionStages: versions.get(id).stages };
      }
      case 'UpdateSecretVersionStage':
        versions.move(call.VersionStage ?? '', call.RemoveFromVersionId, call.MoveToVersionId);
        return { ARN: arn };
      default:
        throw new SecretsManagerError('InvalidRequestException', `${action} is not known here.`);
    }
  }

  return createServer(async (request, response) => {
    const call = ((await json(request).catch(() => undefined)) ?? {}) as RequestBody;
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    try {
      reply(200, answer(String(request.headers['x-amz-target']).split('.').at(-1), call));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      reply(400, { __type: name, Message: message });
    }
  });
}
