import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Assembly } from './assembly.ts';
import { Concurrency } from './aws/concurrency.ts';
import { edgesOf } from './aws/edges.ts';
import type { QueueStatistics } from './aws/local-queue.ts';
import { LogGroups } from './aws/log-groups.ts';
import { PermittedQueue } from './aws/permitted-queue.ts';
import { RemoteQueue } from './aws/remote-queue.ts';
import { type LocalSqs, startSqs } from './aws/sqs.ts';
import { assertStarts } from './aws/start-check.ts';
import type { AwsCall } from './aws-call.ts';
import type { Clock } from './clock.ts';
import { type Emulator, elsewhere, listen, startDynamoDb } from './emulators.ts';
import { createEventBus } from './event-bus.ts';
import { EventSource, type EventSourceDefinition, type PolledQueue } from './event-source.ts';
import { createFirehose, type DeliveryStream, deliveryStreams, loadJq } from './firehose.ts';
import { eventSourceDefinitions, functionDefinitions } from './functions.ts';
import { type Service as GatewayService, startGateway } from './gateway.ts';
import { createHttpApi } from './http-api.ts';
import { Iam } from './iam.ts';
import { account, createResolver, region } from './intrinsics.ts';
import { LambdaFunction } from './lambda.ts';
import type { Service } from './note.ts';
import { Permissions } from './permissions.ts';
import { createQueues, createTables } from './provision.ts';
import type { Deployment, Report } from './report.ts';
import { RunningSchedule, scheduleDefinitions } from './schedule.ts';
import { createSecretsManager } from './secrets-manager.ts';

export interface LocalStackOptions {
  /** Port of the HTTP API; 0 picks a free one. */
  port: number;
  /** The signing secret's text. */
  secret: string;
  report: Report;
  /** Services that run elsewhere. Secret store, event bus and Firehose are still started, behind
   * whatever stands there. */
  endpoints: Partial<Record<Service, string | undefined>>;
  /** The directory that stands for the archive's bucket. */
  archive: string;
  /** The time of schedules and of SQS's retention. Functions, and with them visibility timeouts, take the machine's. */
  clock: Clock;
  /** Executions at once that the account has for all functions. What is beyond them is throttled. */
  concurrency: number;
}

/** Invocations of one function at once, where no event source says so. */
const defaultConcurrency = 10;

/** A cloud assembly, deployed on this machine: emulators that stay, and what a deployment puts on them. */
export class LocalStack {
  readonly #options: LocalStackOptions;
  readonly #concurrency: Concurrency;
  readonly #secrets = new Map<string, string>();
  readonly #streams = new Map<string, DeliveryStream>();
  readonly #server = createServer((request, response) => this.#api(request, response));
  #sqs!: Emulator;
  /** SQS itself, where it runs in this process. */
  #localSqs: LocalSqs | undefined;
  #dynamoDb!: Emulator;
  #secretsManager!: Emulator;
  #eventBridge!: Emulator;
  #firehose!: Emulator;
  #gateway!: Emulator;
  #permissions!: Permissions;
  #api: RequestListener = (_request, response) => response.writeHead(503).end();
  #functions: LambdaFunction[] = [];
  #eventSources: EventSource[] = [];
  #schedules: RunningSchedule[] = [];

  private constructor(options: LocalStackOptions) {
    this.#options = options;
    this.#concurrency = new Concurrency(options.concurrency);
  }

  /**
   * Starts the emulators and the HTTP server. Nothing is deployed yet.
   *
   * @throws Error when the port is taken
   */
  static async start(options: LocalStackOptions): Promise<LocalStack> {
    const stack = new LocalStack(options);
    const { sqs, dynamodb } = options.endpoints;
    stack.#server.listen(options.port, '127.0.0.1');
    await once(stack.#server, 'listening');
    if (!sqs) stack.#localSqs = await startSqs(options.clock);
    stack.#sqs = stack.#localSqs ?? elsewhere(sqs ?? '');
    stack.#dynamoDb = dynamodb ? elsewhere(dynamodb) : await startDynamoDb();
    stack.#secretsManager = await listen(createSecretsManager(stack.#secrets));
    stack.#eventBridge = await listen(createEventBus((entry) => options.report.published(entry)));
    stack.#firehose = await listen(createFirehose(stack.#streams, options.archive));
    stack.#gateway = await startGateway(
      {
        sqs: stack.#sqs,
        dynamodb: stack.#dynamoDb,
        secretsmanager: instead(options.endpoints.secretsManager) ?? stack.#secretsManager,
        events: instead(options.endpoints.eventBridge) ?? stack.#eventBridge,
        firehose: instead(options.endpoints.firehose) ?? stack.#firehose,
      },
      (call) => stack.#denial(call),
    );
    return stack;
  }

  /** Where the HTTP API answers. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /**
   * What CloudWatch would measure of a queue.
   *
   * @param name its logical id
   * @returns undefined where there is no such queue, or SQS runs elsewhere
   */
  queueStatistics(name: string): QueueStatistics | undefined {
    return this.#localSqs?.queue(name)?.statistics();
  }

  /** Deploys an assembly, in place of the one before: messages and tables stay, code and settings change. */
  async deploy(assembly: Assembly): Promise<Deployment> {
    const queueUrl = (logicalId: string) => `${this.#gateway.endpoint}/${account}/${logicalId}`;
    const resolve = createResolver(assembly.resources, { queueUrl, apiEndpoint: this.url });

    const queues = await createQueues(this.#sqsClient(), assembly, resolve);
    const tables = await createTables(this.#dynamoDbClient(), assembly);
    for (const [id, { Type }] of Object.entries(assembly.resources)) {
      const arn = Type === 'AWS::SecretsManager::Secret' ? String(resolve({ Ref: id })) : undefined;
      if (arn && !this.#secrets.has(arn)) this.#secrets.set(arn, this.#options.secret);
    }

    const iam = new Iam(assembly, resolve);
    const permissions = new Permissions(iam, this.#options.report);
    permissions.demand(edgesOf(assembly, resolve));
    const definitions = functionDefinitions(assembly, resolve, { AWS_ENDPOINT_URL: this.#gateway.endpoint });
    const [any] = definitions;
    if (any) await assertStarts(any);
    const streams = deliveryStreams(assembly, resolve);
    // Now, because the first record would have to wait for it.
    if (streams.length > 0) await loadJq();
    const sources = eventSourceDefinitions(assembly, resolve, queueUrl);
    const logs = new LogGroups((line) => this.#options.report.logged(line));
    const byName = new Map(
      definitions.map((definition) => {
        const { name } = definition;
        const worker = definition.environment.WORKER_NAME;
        const concurrency = sources.find(({ functionName }) => functionName === name)?.maximumConcurrency;
        return [
          name,
          new LambdaFunction(definition, concurrency ?? defaultConcurrency, this.#concurrency, {
            ...logs.ofFunction(definition),
            started: (pid) => this.#options.report.started(name, pid),
            invoked: () => undefined,
            throttled: () => this.#options.report.throttled(name, worker),
            failed: (reason) => this.#options.report.failed(name, worker, reason),
          }),
        ];
      }),
    );
    const api = createHttpApi(assembly, resolve, byName, {
      permits: (call) => permissions.permits(call),
      clock: this.#options.clock,
      logs,
      observer: { answered: () => undefined },
    });
    const schedules = scheduleDefinitions(assembly, resolve, byName, (call) => permissions.permits(call));
    const targets = sources.map((source) => {
      const target = byName.get(source.functionName);
      if (!target) throw new Error(`An event source leads to ${source.functionName}, which is no function.`);
      return { source, target };
    });
    const outputs = Object.entries(assembly.outputs).map(([name, { Value }]) => [
      name,
      String(resolve(Value)),
    ]);

    // Only now, because a template that cannot be deployed must leave the one before in place.
    await this.#retire(false);
    this.#permissions = permissions;
    for (const [name, stream] of streams) this.#streams.set(name, stream);
    this.#functions = [...byName.values()];
    this.#api = api;
    this.#eventSources = targets.map(
      ({ source, target }) => new EventSource(source, this.#polledQueue(source, target), target),
    );
    const { clock } = this.#options;
    this.#schedules = schedules.map((schedule) => new RunningSchedule(schedule, clock));
    return {
      outputs: Object.fromEntries(outputs),
      endpoints: {
        sqs: this.#sqs.endpoint,
        dynamodb: this.#dynamoDb.endpoint,
        secretsManager: this.#secretsManager.endpoint,
        eventBridge: this.#eventBridge.endpoint,
        firehose: this.#firehose.endpoint,
      },
      archive: this.#options.archive,
      queues: Object.fromEntries(queues.map((id) => [id, queueUrl(id)])),
      tables,
      grants: iam.grants,
      workers: sources.flatMap((source) => {
        const definition = byName.get(source.functionName)?.definition;
        const name = definition?.environment.WORKER_NAME;
        return definition && name ? [{ ...source, ...definition, name }] : [];
      }),
    };
  }

  /** Ends everything that it started. */
  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#retire(true);
    const parts = [
      this.#gateway,
      this.#sqs,
      this.#dynamoDb,
      this.#secretsManager,
      this.#eventBridge,
      this.#firehose,
    ];
    await Promise.all(parts.map((part) => part.stop()));
  }

  /** Why a call of a function is denied. A function is known by the credentials of its sandbox. */
  #denial({ accessKeyId, action, resource }: AwsCall): string | undefined {
    const caller = this.#functions.find(({ definition }) => definition.name === accessKeyId);
    if (!caller) return `${accessKeyId} is not known here`;
    // The gateway stands for AWS's own endpoints, which functions reach by TLS.
    const { role } = caller.definition;
    return this.#permissions.denial({ principal: role, action, resource, context: overTls });
  }

  /** Takes the deployment away: busy functions finish, unless `force` kills them. */
  async #retire(force: boolean): Promise<void> {
    for (const each of this.#schedules) each.stop();
    const stopped = this.#eventSources.map((source) => source.stop(force));
    if (force) for (const each of this.#functions) each.stop(true);
    await Promise.all(stopped);
    for (const each of this.#functions) each.stop(force);
  }

  #sqsClient(): SQSClient {
    return new SQSClient({ ...local, endpoint: this.#sqs.endpoint });
  }

  /** The queue of an event source, polled in the role of its function. */
  #polledQueue({ queueArn, queueUrl }: EventSourceDefinition, { definition }: LambdaFunction): PolledQueue {
    const queue = this.#localSqs?.queue(queueArn.split(':').at(-1) ?? '');
    if (!queue) return new RemoteQueue(queueUrl, this.#gateway.endpoint, definition.name);
    return new PermittedQueue(queue, (action) =>
      this.#permissions.denial({
        principal: definition.role,
        action,
        resource: queueArn,
        context: overTls,
      }),
    );
  }

  #dynamoDbClient(): DynamoDBClient {
    return new DynamoDBClient({ ...local, endpoint: this.#dynamoDb.endpoint });
  }
}

function instead(endpoint: string | undefined): GatewayService | undefined {
  return endpoint === undefined ? undefined : { endpoint };
}

/** Every call comes as over TLS, which the policies of queues ask for. */
const overTls = { 'aws:SecureTransport': 'true' };

const local = { region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
