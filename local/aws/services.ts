import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import type { Service } from '../state.ts';
import { localCredentials } from '../state.ts';
import type { AwsCall } from './aws-call.ts';
import { createCloudWatchApi } from './cloudwatch-api.ts';
import { type Emulator, elsewhere, listen, startDynamoDb } from './emulators.ts';
import { type Service as GatewayService, startGateway } from './endpoint.ts';
import { type BusEntry, createEventBus } from './event-bus.ts';
import { createFirehose, type DeliveryStream } from './firehose.ts';
import { region } from './intrinsics.ts';
import type { LocalQueue } from './local-queue.ts';
import type { Monitoring } from './monitoring.ts';
import { createSecretsManager } from './secrets-manager.ts';
import { type RecordMetric, tableMetrics } from './service-metrics.ts';
import { createSnsApi } from './sns-api.ts';
import { type LocalSqs, startSqs } from './sqs.ts';

export interface ServicesOptions {
  /** Services that run elsewhere. Secret store, event bus and Firehose are still started, behind
   * whatever stands there. */
  endpoints: Partial<Record<Service, string | undefined>>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  clock: Clock;
}

/** What services ask and tell of the deployment that they serve. */
export interface ServedDeployment {
  /** Why a call is denied, or undefined. */
  denial(call: AwsCall): string | undefined;
  record: RecordMetric;
  /** The event bus took an event. */
  published(entry: BusEntry): void;
  /** Firehose has an error for the log of a stream. */
  undelivered(stream: DeliveryStream, line: string): void;
  /** What watches it; undefined until it is there. */
  monitoring(): Monitoring | undefined;
}

/** The AWS of the local run: its services, which outlive deployments, and the gateway before them. */
export class Services {
  /** The text of each secret, by its ARN. */
  readonly secrets: Map<string, string>;
  /** Delivery streams by name. */
  readonly streams: Map<string, DeliveryStream>;
  /** SQS itself, where it runs in this process. */
  readonly #localSqs: LocalSqs | undefined;
  readonly #emulators: Readonly<Record<Service, Emulator>>;
  readonly #gateway: Emulator;

  private constructor(
    secrets: Map<string, string>,
    streams: Map<string, DeliveryStream>,
    localSqs: LocalSqs | undefined,
    emulators: Readonly<Record<Service, Emulator>>,
    gateway: Emulator,
  ) {
    this.secrets = secrets;
    this.streams = streams;
    this.#localSqs = localSqs;
    this.#emulators = emulators;
    this.#gateway = gateway;
  }

  static async start(
    { endpoints, archive, clock }: ServicesOptions,
    served: ServedDeployment,
  ): Promise<Services> {
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
      cloudWatch: await listen(createCloudWatchApi(() => served.monitoring()?.cloudWatch)),
      sns: await listen(createSnsApi(() => served.monitoring()?.sns)),
    };
    const before = (service: 'secretsManager' | 'eventBridge' | 'firehose'): GatewayService => {
      const endpoint = endpoints[service];
      return endpoint === undefined ? emulators[service] : { endpoint };
    };
    const gateway = await startGateway(
      {
        sqs: emulators.sqs,
        dynamodb: emulators.dynamodb,
        secretsmanager: before('secretsManager'),
        events: before('eventBridge'),
        firehose: before('firehose'),
      },
      (call) => served.denial(call),
      (call, requestBytes) => {
        if (call.service === 'dynamodb') tableMetrics({ ...call, requestBytes }, served.record);
      },
    );
    return new Services(secrets, streams, localSqs, emulators, gateway);
  }

  /** Where each service answers itself, without the gateway that asks for permissions. */
  get endpoints(): Record<Service, string> {
    const entries = Object.entries(this.#emulators).map(([name, { endpoint }]) => [name, endpoint]);
    return Object.fromEntries(entries) as Record<Service, string>;
  }

  /** Where functions call all of them. */
  get gatewayEndpoint(): string {
    return this.#gateway.endpoint;
  }

  /** A queue of this process; undefined where there is no such queue, or SQS runs elsewhere. */
  queue(name: string): LocalQueue | undefined {
    return this.#localSqs?.queue(name);
  }

  sqsClient(): SQSClient {
    return new SQSClient({ ...local, endpoint: this.#emulators.sqs.endpoint });
  }

  dynamoDbClient(): DynamoDBClient {
    return new DynamoDBClient({ ...local, endpoint: this.#emulators.dynamodb.endpoint });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#gateway, ...Object.values(this.#emulators)].map((each) => each.stop()));
  }
}

const local = { region, credentials: localCredentials };
