import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import { type Credentials, credentialsOf, functionOf } from '../credentials.ts';
import type { EventSources } from '../runtime/event-sources/event-sources.ts';
import type { LocalService } from '../state.ts';
import { createCloudWatchApi } from './cloudwatch/api.ts';
import type { LocalMonitoring } from './cloudwatch/monitoring.ts';
import { type RecordMetric, tableMetrics } from './cloudwatch/service-metrics.ts';
import { startDynamoDb } from './dynamodb/dynamodb.ts';
import { type Emulator, elsewhere, listen } from './emulator.ts';
import { type AwsCall, signerOf } from './endpoint/aws-call.ts';
import type { EmulatedService } from './endpoint/emulated-services.ts';
import { type ServiceAddress, startAwsEndpoint } from './endpoint/endpoint.ts';
import { type BusEntry, createEventBus } from './event-bridge/event-bus.ts';
import { createFirehose, type DeliveryStream } from './firehose/firehose.ts';
import { type Guard, refuseStrangers } from './guard.ts';
import { createLambdaApi } from './lambda/api.ts';
import { createLogsApi } from './logs/api.ts';
import { LogStore } from './logs/log-store.ts';
import { createSecretsManager } from './secrets-manager/secrets-manager.ts';
import { createSnsApi } from './sns/api.ts';
import type { TopicDeliveries } from './sns/sns.ts';
import type { LocalQueue } from './sqs/local-queue.ts';
import { type LocalSqs, startSqs } from './sqs/sqs.ts';
import { createSsm, type parametersOf } from './ssm/ssm.ts';
import { region } from './template/environment.ts';

export interface LocalAwsOptions {
  /** LocalAws that run elsewhere. Secret store, event bus and Firehose are still started, behind
   * whatever stands there. */
  endpoints: Partial<Record<LocalService, string | undefined>>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  clock: Clock;
  /** Those of the run. Calls with others than these and those of its functions are refused. */
  credentials: Credentials;
}

/** The deployment that the services serve: what they ask of it, and what they tell it. */
export interface ServedDeployment {
  /** Why a call is denied, or undefined. */
  denial(call: AwsCall): string | undefined;
  /** Why a call cannot be answered, because what it names is not here; or undefined. */
  absence(call: AwsCall): string | undefined;
  /** A call was refused, because its service or what it names is not here. */
  refused(sentence: string): void;
  record: RecordMetric;
  /** The event bus took an event. */
  published(entry: BusEntry): void;
  /** A topic took a message of a function. */
  notified(topicArn: string): void;
  /** Firehose has an error for the log of a stream. */
  undelivered(stream: DeliveryStream, line: string): void;
  /** Its parameters of SSM. */
  readonly parameters: ReturnType<typeof parametersOf>;
  /** What watches it; undefined until there is one. */
  readonly monitoring: LocalMonitoring | undefined;
  /** What polls its queues; undefined until there is one. */
  readonly eventSources: EventSources | undefined;
}

/** The AWS of the local run: its services, which outlive deployments, and the endpoint in front of them. */
export class LocalAws {
  /** The latest lines of all log groups. */
  readonly logs: LogStore;
  /** The text that each secret begins with, by its ARN. */
  readonly #secrets: Map<string, string>;
  /** Delivery streams by name. */
  readonly #streams: Map<string, DeliveryStream>;
  /** SQS itself, if it runs in this process. */
  readonly #localSqs: LocalSqs | undefined;
  readonly #emulators: Readonly<Record<LocalService, Emulator>>;
  readonly #endpoint: Emulator;
  readonly #credentials: Credentials;

  private constructor(
    logs: LogStore,
    secrets: Map<string, string>,
    streams: Map<string, DeliveryStream>,
    localSqs: LocalSqs | undefined,
    emulators: Readonly<Record<LocalService, Emulator>>,
    endpoint: Emulator,
    credentials: Credentials,
  ) {
    this.logs = logs;
    this.#secrets = secrets;
    this.#streams = streams;
    this.#localSqs = localSqs;
    this.#emulators = emulators;
    this.#endpoint = endpoint;
    this.#credentials = credentials;
  }

  static async start(
    { endpoints, archive, clock, credentials }: LocalAwsOptions,
    served: ServedDeployment,
  ): Promise<LocalAws> {
    const guard = guardFor(credentials);
    const logs = new LogStore(Date.now);
    const secrets = new Map<string, string>();
    const streams = new Map<string, DeliveryStream>();
    const localSqs = endpoints.sqs ? undefined : await startSqs(clock, undefined, guard);
    const emulators = {
      sqs: localSqs ?? elsewhere(endpoints.sqs ?? ''),
      dynamodb: endpoints.dynamodb ? elsewhere(endpoints.dynamodb) : await startDynamoDb(guard),
      secretsManager: await listen(createSecretsManager(secrets), guard),
      eventBridge: await listen(
        createEventBus((entry) => served.published(entry)),
        guard,
      ),
      firehose: await listen(
        createFirehose(streams, archive, (stream, line) => served.undelivered(stream, line)),
        guard,
      ),
      cloudWatch: await listen(
        createCloudWatchApi(() => served.monitoring?.cloudWatch),
        guard,
      ),
      sns: await listen(
        createSnsApi(() => served.monitoring?.sns),
        guard,
      ),
      lambda: await listen(
        createLambdaApi(() => served.eventSources),
        guard,
      ),
      logs: await listen(createLogsApi(logs), guard),
    };
    const addressOf = (service: 'secretsManager' | 'eventBridge' | 'firehose'): ServiceAddress => {
      const elsewhereAt = endpoints[service];
      return elsewhereAt === undefined ? emulators[service] : { endpoint: elsewhereAt };
    };
    const endpoint = await startAwsEndpoint(
      {
        sqs: emulators.sqs,
        dynamodb: emulators.dynamodb,
        secretsmanager: addressOf('secretsManager'),
        events: addressOf('eventBridge'),
        firehose: addressOf('firehose'),
        lambda: emulators.lambda,
        // What delivers to the queues is where the queues are.
        ...(localSqs && { sns: localSqs }),
        // No command calls it, so that it listens nowhere.
        ssm: { endpoint: '', server: createSsm(() => served.parameters) },
      } satisfies Partial<Record<EmulatedService | 'lambda', ServiceAddress>>,
      {
        denial: (call) => served.denial(call),
        absence: (call) => served.absence(call),
        refused: (sentence) => served.refused(sentence),
        served(call, requestBytes) {
          if (call.service === 'dynamodb')
            tableMetrics({ ...call, requestBytes }, (metric, value) => served.record(metric, value));
          if (call.action === 'sns:Publish') served.notified(call.resource);
        },
      },
      guard,
    );
    return new LocalAws(logs, secrets, streams, localSqs, emulators, endpoint, credentials);
  }

  /** Where each service answers by itself, without the endpoint that asks for permissions. */
  get serviceEndpoints(): Record<LocalService, string> {
    const entries = Object.entries(this.#emulators).map(([name, { endpoint }]) => [name, endpoint]);
    return Object.fromEntries(entries) as Record<LocalService, string>;
  }

  /** Where functions call all of them. */
  get endpoint(): string {
    return this.#endpoint.endpoint;
  }

  /** The credentials of a function, which tell the endpoint whose permissions count. */
  credentialsOf(functionName: string): Credentials {
    return credentialsOf(functionName, this.#credentials);
  }

  /** The name of the function that an access key belongs to, whether there is one of that name or not. */
  functionOf(accessKeyId: string): string | undefined {
    return functionOf(accessKeyId, this.#credentials);
  }

  /** A queue of this process; undefined if there is no such queue, or if SQS runs elsewhere. */
  queue(name: string): LocalQueue | undefined {
    return this.#localSqs?.queue(name);
  }

  /** Creates a secret that begins with a text, unless it is there already. */
  addSecret(arn: string, text: string): void {
    if (!this.#secrets.has(arn)) this.#secrets.set(arn, text);
  }

  /** Creates delivery streams, or changes those that are there. */
  addStreams(streams: ReadonlyMap<string, DeliveryStream>): void {
    for (const [name, stream] of streams) this.#streams.set(name, stream);
  }

  /** Takes the topics of a deployment, in place of those before. */
  setTopics(topics: readonly TopicDeliveries[]): void {
    this.#localSqs?.setTopics(topics);
  }

  sqsClient(): SQSClient {
    return new SQSClient({ region, credentials: this.#credentials, endpoint: this.#emulators.sqs.endpoint });
  }

  dynamoDbClient(): DynamoDBClient {
    return new DynamoDBClient({
      region,
      credentials: this.#credentials,
      endpoint: this.#emulators.dynamodb.endpoint,
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#endpoint, ...Object.values(this.#emulators)].map((each) => each.stop()));
  }
}

/** Refuses pages, other hosts, and whoever has no credentials of the run. */
function guardFor(run: Credentials): Guard {
  const isKnown = (key: string) => key === run.accessKeyId || functionOf(key, run) !== undefined;
  return (headers) => {
    const stranger = refuseStrangers(headers);
    if (stranger !== undefined) return stranger;
    const signature = signerOf(headers);
    if (signature && isKnown(signature.accessKeyId)) return undefined;
    return 'This request is not signed with credentials of the local run: its state file has them.';
  };
}
