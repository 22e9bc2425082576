import { SQSClient } from '@aws-sdk/client-sqs';
import type { Credentials } from '../../local/credentials.ts';
import { anyCredentials } from './credentials.ts';

/**
 * A client of a local run's SQS, as an operator of the stack has it. Whoever takes it destroys it.
 *
 * @param credentials of the local run; an emulator that stands alone takes any
 */
export function sqsAt(endpoint: string, credentials: Credentials = anyCredentials): SQSClient {
  return new SQSClient({
    region: 'us-east-1',
    credentials,
    endpoint,
    useQueueUrlAsEndpoint: false,
  });
}
