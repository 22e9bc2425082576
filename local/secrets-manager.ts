import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { type Emulator, listen } from './emulators.ts';

interface Call {
  SecretId?: string;
  SecretString?: string;
}

/**
 * Starts the part of Secrets Manager that the stack uses: GetSecretValue and PutSecretValue.
 *
 * @param secrets secret texts by ARN, which it reads and writes
 */
export function startSecretsManager(secrets: Map<string, string>): Promise<Emulator> {
  const server = createServer(async (request, response) => {
    const { SecretId = '', SecretString } = ((await json(request).catch(() => undefined)) ?? {}) as Call;
    const action = String(request.headers['x-amz-target']).split('.').at(-1);
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    // A secret is called by its ARN or by its name, the ARN's end without six random characters.
    const arn = [...secrets.keys()].find((key) => key === SecretId || key.includes(`:secret:${SecretId}-`));
    const known = arn === undefined ? undefined : secrets.get(arn);
    if (arn === undefined || known === undefined) {
      return answer(400, { __type: 'ResourceNotFoundException', Message: `There is no secret ${SecretId}.` });
    }
    if (action === 'GetSecretValue') return answer(200, { ARN: arn, SecretString: known });
    if (action !== 'PutSecretValue' || SecretString === undefined) {
      return answer(400, { __type: 'InvalidRequestException', Message: `${action} is not known here.` });
    }
    secrets.set(arn, SecretString);
    return answer(200, { ARN: arn });
  });
  return listen(server);
}
