import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/**
 * The stack as AWS's own samples have it: an HTTP API, a receiver, a queue with a dead-letter queue, a worker with
 * Powertools, and a table for its idempotency. What CDK, AWS or Powertools gives by default is left as it is, but for the
 * memory and the time, which are the ones of the stack that it is measured beside.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
const app = new App();
const stack = new Stack(app, 'Plain');
const timeout = Duration.seconds(10);
const bench = join(import.meta.dirname, '../../bench');

const secret = new Secret(stack, 'SigningSecret');
const queue = new Queue(stack, 'Queue', {
  // What AWS advises for a queue that invokes a function: six times its time, and five receives.
  visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
  deadLetterQueue: { queue: new Queue(stack, 'DeadLetterQueue'), maxReceiveCount: 5 },
});
const table = new Table(stack, 'IdempotencyTable', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  timeToLiveAttribute: 'expiration',
  billingMode: BillingMode.PAY_PER_REQUEST,
});

function nodejsFunction(name: 'receiver' | 'worker', environment: Record<string, string>): NodejsFunction {
  return new NodejsFunction(stack, name, {
    entry: join(bench, 'alternatives/plain', `${name}.ts`),
    depsLockFilePath: join(bench, 'package-lock.json'),
    memorySize: 512,
    timeout,
    environment,
  });
}

const receiver = nodejsFunction('receiver', {
  SIGNING_SECRET_ID: secret.secretName,
  QUEUE_URL: queue.queueUrl,
});
secret.grantRead(receiver);
queue.grantSendMessages(receiver);

const worker = nodejsFunction('worker', {
  IDEMPOTENCY_TABLE: table.tableName,
  LEDGER: app.node.tryGetContext('ledger') ?? '',
});
table.grantReadWriteData(worker);
worker.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));

const api = new HttpApi(stack, 'Api');
api.addRoutes({
  path: '/webhooks/zavu',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Receive', receiver),
});
new CfnOutput(stack, 'WebhookUrl', { value: `${api.apiEndpoint}/webhooks/zavu` });
new CfnOutput(stack, 'SigningSecretName', { value: secret.secretName });
