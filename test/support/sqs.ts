import { SQSClient } from '@aws-sdk/client-sqs';
import { localCredentials } from '../../local/state.ts';

/** A client of a local run's SQS, as an operator of the stack has it. Whoever takes it destroys it. */
export function sqsAt(endpoint: string): SQSClient {
  return new SQSClient({
    region: 'us-east-1',
    credentials: localCredentials,
    endpoint,
    useQueueUrlAsEndpoint: false,
  });
}
