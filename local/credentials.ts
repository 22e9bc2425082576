import { createHmac, randomBytes } from 'node:crypto';

/** What a call to the local AWS is signed with. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The credentials of one local run: random, so that only who reads its state file has them. */
export function createCredentials(): Credentials {
  const [accessKeyId = '', secretAccessKey = ''] = [0, 1].map(() => randomBytes(16).toString('hex'));
  return { accessKeyId, secretAccessKey };
}

/**
 * The credentials of a function of a local run, by which the endpoint knows the function. They follow from those of the
 * run: another process cannot guess them, and a function cannot work out those of another one.
 *
 * The access key begins with the function's name and is of letters and digits alone, as DynamoDB Local wants it.
 */
export function credentialsOf(functionName: string, { secretAccessKey }: Credentials): Credentials {
  const proof = createHmac('sha256', secretAccessKey)
    .update(functionName)
    .digest('hex')
    .slice(0, proofLength);
  return { accessKeyId: functionName + proof, secretAccessKey: proof };
}

/** The name of the function that an access key belongs to; undefined if it belongs to none of the run. */
export function functionOf(accessKeyId: string, run: Credentials): string | undefined {
  const name = accessKeyId.slice(0, -proofLength);
  return name !== '' && credentialsOf(name, run).accessKeyId === accessKeyId ? name : undefined;
}

/** In hexadecimal digits: 128 bits. */
const proofLength = 32;
