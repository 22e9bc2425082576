import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitoring, type Monitoring } from './aws/cloudwatch/monitoring.ts';
import { apiMetrics, functionMetrics, type RecordMetric } from './aws/cloudwatch/service-metrics.ts';
import type { AwsCall } from './aws/endpoint/aws-call.ts';
import { deliveryStreams, loadJq } from './aws/firehose/firehose.ts';
import { Iam } from './aws/iam/iam.ts';
import { Permissions } from './aws/iam/permissions.ts';
import { type LeadingKey, leadingKeys } from './aws/iam/request-context.ts';
import { Services, type ServicesOptions } from './aws/local-aws.ts';
import { LogGroups } from './aws/logs/log-groups.ts';
import { edgesOf } from './aws/service-calls/service-calls.ts';
import { PermittedQueue } from './aws/sqs/permitted-queue.ts';
import { RemoteQueue } from './aws/sqs/remote-queue.ts';
import type { Assembly } from './aws/template/assembly.ts';
import { account, createResolver } from './aws/template/intrinsics.ts';
import { createQueues, createTables } from './aws/template/provision.ts';
import { createClock } from './clock.ts';
import type { DeployedStack, Reporter } from './report/reporter.ts';
import {
  EventSource,
  type EventSourceDefinition,
  type PolledQueue,
} from './runtime/event-sources/event-source.ts';
import { Concurrency } from './runtime/functions/concurrency.ts';
import { eventSourceDefinitions, functionDefinitions } from './runtime/functions/definitions.ts';
import { LambdaFunction } from './runtime/functions/lambda-function.ts';
import type { FunctionDefinition } from './runtime/functions/sandbox.ts';
import { assertStarts } from './runtime/functions/start-check.ts';
import { createHttpApi } from './runtime/http-api/http-api.ts';
import { RunningSchedule, scheduleDefinitions } from './runtime/schedules/schedule.ts';

export interface LocalDeploymentOptions extends ServicesOptions {
  /** Port of the HTTP API; 0 picks a free one. */
  port: number;
  /** The signing secret's text. */
  secret: string;
  report: Reporter;
  /** Executions at once that the account has for all functions. What is beyond them is throttled. */
  concurrency: number;
}

/** Invocations of one function at once, where no event source says so. */
const defaultConcurrency = 10;

/** A cloud assembly, deployed on this machine: services that stay, and what a deployment puts on them. */
export class LocalDeployment {
  readonly #options: LocalDeploymentOptions;
  readonly #concurrency: Concurrency;
  readonly #server = createServer((request, response) => this.#api(request, response));
  #services!: Services;
  #permissions!: Permissions;
  #leadingKey: LeadingKey = () => ({});
  #api: RequestListener = (_request, response) => response.writeHead(503).end();
  #functions: LambdaFunction[] = [];
  #eventSources: EventSource[] = [];
  #schedules: RunningSchedule[] = [];
  #logs: LogGroups | undefined;
  /** What watches the deployment; undefined until there is one. */
  #monitoring: Monitoring | undefined;

  private constructor(options: LocalDeploymentOptions) {
    this.#options = options;
    this.#concurrency = new Concurrency(options.concurrency);
  }

  /**
   * Starts the services and the HTTP server. Nothing is deployed yet.
   *
   * @throws Error when the port is taken
   */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const stack = new LocalDeployment(options);
    stack.#server.listen(options.port, '127.0.0.1');
    await once(stack.#server, 'listening');
    stack.#services = await Services.start(options, {
      denial: (call) => stack.#denial(call),
      record: (metric, value) => stack.#monitoring?.cloudWatch.record(metric, value),
      published: (entry) => options.report.published(entry),
      undelivered({ errorLog }, line) {
        if (errorLog) stack.#logs?.ofStream(errorLog)(line);
      },
      monitoring: () => stack.#monitoring,
    });
    return stack;
  }

  /** Where the HTTP API answers. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Deploys an assembly, in place of the one before: messages and tables stay, code and settings change. */
  async deploy(assembly: Assembly): Promise<DeployedStack> {
    const services = this.#services;
    const { clock, report } = this.#options;
    const queueUrl = (logicalId: string) => `${services.gatewayEndpoint}/${account}/${logicalId}`;
    const resolve = createResolver(assembly.resources, { queueUrl, apiEndpoint: this.url });

    const queues = await createQueues(services.sqsClient(), assembly, resolve);
    const tables = await createTables(services.dynamoDbClient(), assembly);
    for (const [id, { Type }] of Object.entries(assembly.resources)) {
      const arn = Type === 'AWS::SecretsManager::Secret' ? String(resolve({ Ref: id })) : undefined;
      if (arn && !services.secrets.has(arn)) services.secrets.set(arn, this.#options.secret);
    }

    const iam = new Iam(assembly, resolve);
    const permissions = new Permissions(iam, report);
    permissions.demand(edgesOf(assembly, resolve));
    const monitoring = createMonitoring({
      assembly,
      resolve,
      iam,
      clock,
      report,
      queueStatistics: (id) => services.queue(id)?.statistics(),
      before: this.#monitoring,
    });
    const record: RecordMetric = (metric, value) => monitoring.cloudWatch.record(metric, value);
    const logs = new LogGroups((line) => {
      monitoring.cloudWatch.line(line.logGroup, line.text);
      report.logged(line);
    });
    const definitions = functionDefinitions(assembly, resolve, {
      AWS_ENDPOINT_URL: services.gatewayEndpoint,
    });
    const [any] = definitions;
    if (any) await assertStarts(any);
    const streams = deliveryStreams(assembly, resolve);
    // Now, because the first record would have to wait for it.
    if (streams.length > 0) await loadJq();
    const sources = eventSourceDefinitions(assembly, resolve, queueUrl);
    const limitOf = (name: string) =>
      sources.find(({ functionName }) => functionName === name)?.maximumConcurrency ?? defaultConcurrency;
    const byName = new Map(
      definitions.map((definition) => [
        definition.name,
        this.#function(definition, limitOf(definition.name), logs, record),
      ]),
    );
    const api = createHttpApi(assembly, resolve, byName, {
      permits: (call) => permissions.permits(call),
      // Requests take the machine's time, and so does what lets them in.
      clock: createClock(),
      logs,
      observer: apiMetrics(idOf(assembly, 'AWS::ApiGatewayV2::Api'), record),
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
    this.#leadingKey = leadingKeys(assembly, resolve);
    this.#monitoring = monitoring;
    this.#logs = logs;
    monitoring.cloudWatch.start();
    for (const [name, stream] of streams) services.streams.set(name, stream);
    this.#functions = [...byName.values()];
    this.#api = api;
    this.#eventSources = targets.map(
      ({ source, target }) => new EventSource(source, this.#polledQueue(source, target), target),
    );
    this.#schedules = schedules.map((schedule) => new RunningSchedule(schedule, clock));
    return {
      outputs: Object.fromEntries(outputs),
      endpoints: services.endpoints,
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
    await this.#services.stop();
  }

  /** A function that reports what happens in it, and is measured. */
  #function(
    definition: FunctionDefinition,
    limit: number,
    logs: LogGroups,
    record: RecordMetric,
  ): LambdaFunction {
    const { name } = definition;
    const worker = definition.environment.WORKER_NAME;
    const { report } = this.#options;
    const { invoked, throttled } = functionMetrics(name, record);
    return new LambdaFunction(definition, limit, this.#concurrency, {
      ...logs.ofFunction(definition),
      invoked,
      started: (pid) => report.started(name, pid),
      throttled() {
        throttled();
        report.throttled(name, worker);
      },
      failed: (reason) => report.failed(name, worker, reason),
      memoryExceeded: (usedMb) =>
        report.memoryExceeded({ function: name, worker, usedMb, memoryMb: definition.memoryMb }),
    });
  }

  /** Why a call of a function is denied. A function is known by the credentials of its sandbox. */
  #denial(call: AwsCall): string | undefined {
    const { accessKeyId, action, resource } = call;
    const caller = this.#functions.find(({ definition }) => definition.name === accessKeyId);
    if (!caller) return `${accessKeyId} is not known here`;
    // The gateway stands for AWS's own endpoints, which functions reach by TLS.
    const { role } = caller.definition;
    const context = { ...overTls, ...this.#leadingKey(call) };
    return this.#permissions.denial({ principal: role, action, resource, context });
  }

  /** Takes the deployment away: busy functions finish, unless `force` kills them. */
  async #retire(force: boolean): Promise<void> {
    this.#monitoring?.cloudWatch.stop();
    for (const each of this.#schedules) each.stop();
    const stopped = this.#eventSources.map((source) => source.stop(force));
    if (force) for (const each of this.#functions) each.stop(true);
    await Promise.all(stopped);
    for (const each of this.#functions) each.stop(force);
  }

  /** The queue of an event source, polled in the role of its function. */
  #polledQueue({ queueArn, queueUrl }: EventSourceDefinition, { definition }: LambdaFunction): PolledQueue {
    const queue = this.#services.queue(queueArn.split(':').at(-1) ?? '');
    if (!queue) return new RemoteQueue(queueUrl, this.#services.gatewayEndpoint, definition.name);
    return new PermittedQueue(queue, (action) =>
      this.#permissions.denial({
        principal: definition.role,
        action,
        resource: queueArn,
        context: overTls,
      }),
    );
  }
}

/** The logical id of the one resource of a type; empty where there is none. */
function idOf(assembly: Assembly, type: string): string {
  return Object.entries(assembly.resources).find(([, { Type }]) => Type === type)?.[0] ?? '';
}

/** Every call comes as over TLS, which the policies of queues ask for. */
const overTls = { 'aws:SecureTransport': 'true' };
