import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../aws/client-settings.ts';
import { createSdkSigner } from '../aws/sdk-signer.ts';

/** Creates the client of a worker's tables. Each event takes several calls of it (docs/decisions/0039). */
export function createTableClient(): DynamoDBClient {
  const client = new DynamoDBClient({ ...clientSettings, signer: createSdkSigner('dynamodb') });
  // It copies the input and output of each call for a logger, and there is none.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
