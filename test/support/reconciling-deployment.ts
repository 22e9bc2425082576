import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Deployment } from '../../cli/shared/deployment.ts';
import type { Progress } from '../../lambda/reconcile/progress.ts';
import { createProgress } from '../../lambda/reconcile/progress.ts';
import { outputNames } from '../../lib/outputs.ts';
import { createSecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts';
import { Emulators } from '../emulators/emulators.ts';
import { anyCredentials } from './credentials.ts';
import { routes } from './handlers.ts';
import { createMessagesTable } from './messages-table.ts';
import { ZavuApi } from './zavu-api/zavu-api.ts';

/** Where its webhook is. */
export const webhookUrl = 'https://hooks.example.com/webhooks/zavu';

/** What commands see of a deployment that reconciles: its outputs and its services, and Zavu's API. */
export class ReconcilingDeployment {
  readonly zavu: ZavuApi;
  readonly deployment: Deployment;
  readonly progress: Progress;
  readonly #ends: (() => unknown)[];

  private constructor(
    parts: Pick<ReconcilingDeployment, 'zavu' | 'deployment' | 'progress'>,
    ends: (() => unknown)[],
  ) {
    this.zavu = parts.zavu;
    this.deployment = parts.deployment;
    this.progress = parts.progress;
    this.#ends = ends;
  }

  /** Its API key is that of the stand-in for Zavu's API, which commands find by their environment. */
  static async start(): Promise<ReconcilingDeployment> {
    const [zavu, emulators] = await Promise.all([ZavuApi.start(), Emulators.start()]);
    Object.assign(process.env, zavu.env);
    const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:ApiKey-000000';
    const secrets = createSecretsManager(new Map([[arn, zavu.apiKey]])).listen(0, '127.0.0.1');
    await once(secrets, 'listening');
    const secretsManager = `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`;
    const endpoints: Readonly<Record<string, string>> = { ...emulators.endpoints, secretsManager };
    const client: Deployment['client'] = (service) => ({
      region: 'us-east-1',
      credentials: anyCredentials,
      endpoint: endpoints[service] ?? '',
    });
    const dynamoDb = new DynamoDBClient(client('dynamodb'));
    const tableName = 'Messages';
    await createMessagesTable(dynamoDb, tableName);
    return new ReconcilingDeployment(
      {
        zavu,
        progress: createProgress({ client: dynamoDb, tableName }),
        deployment: {
          name: 'Shop',
          alarmPrefix: 'Shop',
          client,
          outputs: {
            [outputNames.apiKeySecretName]: 'ApiKey',
            [outputNames.messagesTableName]: tableName,
            [outputNames.routes]: routes.toString(),
            [outputNames.webhookUrl]: webhookUrl,
            [outputNames.acceptedSignatures]: 'v1,v2',
          },
        },
      },
      [
        () => zavu.stop(),
        () => emulators.stop(),
        () => dynamoDb.destroy(),
        () => secrets.closeAllConnections(),
        () => secrets.close(),
      ],
    );
  }

  /** The same deployment with `reconcile` off. */
  get notReconciling(): Deployment {
    const { [outputNames.apiKeySecretName]: _, ...outputs } = this.deployment.outputs;
    return { ...this.deployment, outputs };
  }

  async stop(): Promise<void> {
    for (const name of Object.keys(this.zavu.env)) delete process.env[name];
    for (const end of this.#ends) await end();
  }
}
