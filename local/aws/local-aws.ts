import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import { type LocalService, localCredentials } from '../state.ts';
import { createCloudWatchApi } from './cloudwatch/api.ts';
import type { LocalMonitoring } from './cloudwatch/monitoring.ts';
import { type RecordMetric, tableMetrics } from './cloudwatch/service-metrics.ts';
import { startDynamoDb } from './dynamodb/dynamodb.ts';
import { type Emulator, elsewhere, listen } from './emulator.ts';
import type { AwsCall } from './endpoint/aws-call.ts';
import { type ServiceAddress, startAwsEndpoint } from './endpoint/endpoint.ts';
import { type BusEntry, createEventBus } from './event-bridge/event-bus.ts';
import { createFirehose, type DeliveryStream } from './firehose/firehose.ts';
import { createLogsApi } from './logs/api.ts';
import { LogStore } from './logs/log-store.ts';
import { createSecretsManager } from './secrets-manager/secrets-manager.ts';
import { createSnsApi } from './sns/api.ts';
import type { LocalQueue } from './sqs/local-queue.ts';
import { type LocalSqs, startSqs } from './sqs/sqs.ts';
import { region } from './template/environment.ts';

export interface LocalAwsOptions {
  /** LocalAws that run elsewhere. Secret store, event bus and Firehose are still started, behind
   * whatever stands there. */
  endpoints: Partial<Record<LocalService, string | undefined>>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  clock: Clock;
}

/** The deployment that the services serve: what they ask of it, and what they tell it. */
export interface ServedDeployment {
  /** Why a call is denied, or undefined. */
  denial(call: AwsCall): string | undefined;
  record: RecordMetric;
  /** The event bus took an event. */
  published(entry: BusEntry): void;
  /** Firehose has an error for the log of a stream. */
  undelivered(stream: DeliveryStream, line: string): void;
  /** What watches it; undefined until there is one. */
  readonly monitoring: LocalMonitoring | undefined;
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

  private constructor(
    logs: LogStore,
    secrets: Map<string, string>,
    streams: Map<string, DeliveryStream>,
    localSqs: LocalSqs | undefined,
    emulators: Readonly<Record<LocalService, Emulator>>,
    endpoint: Emulator,
  ) {
    this.logs = logs;
    this.#secrets = secrets;
    this.#streams = streams;
    this.#localSqs = localSqs;
    this.#emulators = emulators;
    this.#endpoint = endpoint;
  }

  static async start(
    { endpoints, archive, clock }: LocalAwsOptions,
    served: ServedDeployment,
  ): Promise<LocalAws> {
    const logs = new LogStore(Date.now);
    const secrets = new Map<string, string>();
    const streams = new Map<string, DeliveryStream>();
    const localSqs = endpoints.sqs ? undefined : await startSqs(clock);
    const emulators = {
      sqs: localSqs ?? elsewhere(endpoints.sqs ?? ''),
      dynamodb: endpoints.dynamodb ? elsewhere(endpoints.dynamodb) : await startDynamoDb(),
      secretsManager: await listen(createSecretsManager(secrets)),
      eventBridge: await listen(createEventBus((entry) => served.published(entry))),
      firehose: await listen(
        createFirehose(streams, archive, (stream, line) => served.undelivered(stream, line)),
      ),
      cloudWatch: await listen(createCloudWatchApi(() => served.monitoring?.cloudWatch)),
      logs: await listen(createLogsApi(logs)),
      sns: await listen(createSnsApi(() => served.monitoring?.sns)),
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
      },
      (call) => served.denial(call),
      (call, requestBytes) => {
        if (call.service === 'dynamodb')
          tableMetrics({ ...call, requestBytes }, (metric, value) => served.record(metric, value));
      },
    );
    return new LocalAws(logs, secrets, streams, localSqs, emulators, endpoint);
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

  sqsClient(): SQSClient {
    return new SQSClient({ ...local, endpoint: this.#emulators.sqs.endpoint });
  }

  dynamoDbClient(): DynamoDBClient {
    return new DynamoDBClient({ ...local, endpoint: this.#emulators.dynamodb.endpoint });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#endpoint, ...Object.values(this.#emulators)].map((each) => each.stop()));
  }
}

const local = { region, credentials: localCredentials };
