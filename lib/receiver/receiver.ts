import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { CfnIntegration, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxEventBytes } from '../../lambda/queued-event/size.ts';
import { canaryVariable, queueUrlVariable, type ReceiverVariable } from '../../lambda/receiver/env.ts';
import type { Routes } from '../../lambda/routing/routes.ts';
import { zavuWaitsMs } from '../../lambda/zavu/delivery.ts';
import type { Archive } from '../archive/archive.ts';
import { lambdaFile } from '../functions/entry.ts';
import { GradualDeployment } from '../functions/gradual-deployment.ts';
import { NodeFunction } from '../functions/node-function.ts';
import { createUnroutedQueue } from '../queues.ts';
import { settingsOf } from '../settings/scope.ts';
import { createStoredSecret } from '../stored-secret.ts';
import { AccessLog } from './access-log.ts';
import { addReceiverAlarms } from './alarms.ts';

/** The most that an account's APIs take at once. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const maxBurst = 5_000;

/** A worker, as far as the receiver knows it. */
interface QueueOwner {
  name: string;
  queue: Queue;
}

interface ReceiverProps {
  /** Which worker handles which event type. */
  routes: Routes;
  workers: readonly QueueOwner[];
  /**
   * Keeps every accepted event, too.
   *
   * @default - accepted events are kept in the queues alone
   */
  archive?: Archive | undefined;
}

/** Less than Zavu waits: 1.5 s are left for a cold start and the way back. */
const answerWithin = Duration.millis(zavuWaitsMs - 1_500);
const functionTimeout = Duration.millis(zavuWaitsMs);

const webhookPath = '/webhooks/zavu';

/** The receiver: a public endpoint that verifies webhooks and stores them, and the secrets to verify with. */
export class Receiver extends Construct {
  /** The webhook URL to register with Zavu. */
  readonly url: string;
  /** Holds one signing secret as plain text, or a JSON array of them (docs/senders.md). */
  readonly secret: Secret;
  /** Events that no worker handles, kept until a worker does. */
  readonly unroutedQueue: Queue;
  readonly function: NodeFunction;
  readonly api: HttpApi;
  readonly accessLogs: AccessLog;

  constructor(scope: Construct, id: string, props: ReceiverProps) {
    super(scope, id);
    const { routes, workers, archive } = props;
    const settings = settingsOf(this);

    // Until the real secret is stored, nothing is accepted.
    this.secret = createStoredSecret(this, 'SigningSecret', {
      description:
        'Zavu webhook signing secrets: one as plain text, or a JSON array (docs/senders.md). Edit with: npx zavu-webhooks secrets',
      notRotated:
        'Only Zavu issues these secrets, and regenerating one ends the old one at once, so AWS cannot rotate ' +
        'them on a schedule. A person does, without a restart (docs/senders.md, "Rotate").',
    });
    this.unroutedQueue = createUnroutedQueue(this, 'UnroutedQueue');

    this.function = new NodeFunction(this, 'Function', {
      description: 'Verifies Zavu webhooks and stores them in their queues',
      entry: lambdaFile('receiver/index'),
      environment: () => ({
        ...archive?.environment,
        ...(settings.canary ? { [canaryVariable]: 'on' } : {}),
        ...({
          SERVICE_DOMAIN: Aws.URL_SUFFIX,
          ROUTES: routes.toString(),
          SIGNING_SECRET_ID: this.secret.secretArn,
          UNROUTED_QUEUE_URL: this.unroutedQueue.queueUrl,
          ACCEPTED_SIGNATURES: settings.acceptedSignatures.join(','),
          TOLERANCE_SECONDS: String(settings.toleranceSeconds),
          FUTURE_TOLERANCE_SECONDS: String(settings.futureToleranceSeconds),
          MAX_EVENT_AGE_SECONDS: String(settings.maxEventAgeSeconds ?? 'none'),
          MAX_EVENT_BYTES: String(maxEventBytes),
          ANSWER_WITHIN_MS: String(answerWithin.toMilliseconds()),
          ...queueUrls(workers),
        } satisfies Record<ReceiverVariable, string>),
      }),
      memoryMb: settings.receiverMemoryMb,
      timeout: functionTimeout,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.secret.secretArn] }),
    );
    for (const queue of [...workers.map((worker) => worker.queue), this.unroutedQueue])
      queue.grant(this.function, 'sqs:SendMessage');
    archive?.serve(this.function);

    this.accessLogs = new AccessLog(this, 'AccessLogs');
    this.api = this.#createEndpoint();
    this.url = `${this.api.apiEndpoint}${webhookPath}`;

    const { alias } = this.function;
    const { api, accessLogs, unroutedQueue } = this;
    const alarms = addReceiverAlarms(this, {
      function: this.function,
      api,
      accessLogs,
      unroutedQueue,
      answerWithin,
    });
    if (alias) new GradualDeployment(this, 'Deployment', { alias, alarms });
  }

  #createEndpoint(): HttpApi {
    const { throttleRate } = settingsOf(this);
    const api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const routes = api.addRoutes({
      path: webhookPath,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Integration', this.function.live),
    });
    const integrations = api.node.findAll().filter((each) => CfnIntegration.isCfnIntegration(each));
    for (const route of routes) {
      // Otherwise calls of a new alias are refused, and answered 500, until its permission is there.
      const permissions = route.node.findAll().filter((each) => CfnPermission.isCfnPermission(each));
      for (const integration of integrations) integration.node.addDependency(...permissions);
      Validations.of(route).acknowledge({
        id: 'AwsSolutions::AwsSolutions-APIG4',
        reason:
          'The signature over the body is the authorization, and the receiver verifies it before anything ' +
          'else (docs/decisions/0002). An authorizer never sees the body.',
      });
    }
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: throttleRate,
        burstLimit: Math.min(2 * throttleRate, maxBurst),
      },
      accessLogSettings: this.accessLogs.settings,
    });
    return api;
  }
}

/** The variables that name the queues of workers. */
export function queueUrls(
  workers: readonly QueueOwner[],
): Record<ReturnType<typeof queueUrlVariable>, string> {
  return Object.fromEntries(workers.map(({ name, queue }) => [queueUrlVariable(name), queue.queueUrl]));
}
