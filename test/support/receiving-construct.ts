import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A construct with the resources and outputs by which the local run knows one that receives webhooks. */
export class ReceivingConstruct extends Construct {
  readonly secret: Secret;
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const receiver = new Construct(this, 'Receiver');
    const api = new CfnApi(receiver, 'Api', { name: 'any', protocolType: 'HTTP' });
    new CfnStage(receiver, 'Stage', { apiId: api.ref, stageName: '$default' });
    this.secret = new Secret(receiver, 'SigningSecret');
    this.queue = new Queue(receiver, 'UnroutedQueue');
    const table = new Table(this, 'IdempotencyTable', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const outputs = {
      WebhookUrl: `${api.attrApiEndpoint}/webhooks/zavu`,
      SigningSecretName: this.secret.secretName,
      IdempotencyTableName: table.tableName,
      UnroutedQueueUrl: this.queue.queueUrl,
    };
    const prefix = id === 'Default' ? '' : id;
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(Stack.of(this), `${prefix}${name}`, { value });
    }
  }
}

/** A route beside the ones of a construct, for a second HTTP API in a stack. */
export function addApi(scope: Construct): void {
  const api = new CfnApi(scope, 'OwnApi', { name: 'own', protocolType: 'HTTP' });
  new CfnRoute(scope, 'OwnRoute', { apiId: api.ref, routeKey: 'ANY /{proxy+}' });
}

/**
 * Synthesizes an app as the local run does.
 *
 * @returns the directory of its cloud assembly, which ends with the machine's temporary files
 */
export function synthesized(build: (app: App) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), 'zavu-assembly-'));
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      'aws:cdk:enable-path-metadata': true,
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    },
  });
  build(app);
  return app.synth().directory;
}
