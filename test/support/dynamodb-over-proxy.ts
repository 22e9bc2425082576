import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Emulators } from '../emulators/emulators.ts';
import { anyCredentials } from './credentials.ts';
import { FaultyProxy } from './faulty-proxy.ts';

/** DynamoDB's emulator behind a proxy that can fail, and a client of it. */
export class DynamoDbOverProxy {
  readonly proxy: FaultyProxy;
  readonly client: DynamoDBClient;
  readonly #emulators: Emulators;

  private constructor(emulators: Emulators, proxy: FaultyProxy) {
    this.#emulators = emulators;
    this.proxy = proxy;
    this.client = new DynamoDBClient({
      endpoint: proxy.endpoint,
      region: 'us-east-1',
      credentials: anyCredentials,
      maxAttempts: 2,
    });
  }

  static async start(): Promise<DynamoDbOverProxy> {
    const emulators = await Emulators.start();
    return new DynamoDbOverProxy(emulators, await FaultyProxy.start(emulators.endpoints.dynamodb));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.proxy.stop();
    await this.#emulators.stop();
  }
}
