import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitoring } from './aws/cloudwatch/monitoring.ts';
import { loadJq } from './aws/firehose/firehose.ts';
import { Permissions } from './aws/iam/permissions.ts';
import { LocalAws, type LocalAwsOptions } from './aws/local-aws.ts';
import type { ChosenAssembly } from './aws/template/assembly.ts';
import { account } from './aws/template/environment.ts';
import { createQueues } from './aws/template/queues.ts';
import { createTables } from './aws/template/tables.ts';
import { CurrentDeployment } from './deployment/current-deployment.ts';
import { type DeploymentPlan, planDeployment } from './deployment/plan.ts';
import { RunningDeployment } from './deployment/running-deployment.ts';
import type { DeployedStack, Reporter } from './report/reporter.ts';
import { Concurrency } from './runtime/functions/concurrency.ts';
import { assertStarts } from './runtime/functions/start-check.ts';

export interface LocalDeploymentOptions extends LocalAwsOptions {
  /** Port of the HTTP API; 0 picks a free one. */
  port: number;
  /** The signing secret's text. */
  secret: string;
  /** Texts of the user's own secrets, by the names of their variables. */
  userSecrets: Readonly<Record<string, string | undefined>>;
  reporter: Reporter;
  /** Executions at once that the account has for all functions. What is beyond them is throttled. */
  concurrency: number;
}

/** A cloud assembly, deployed on this machine: services that stay, and the deployment that runs on them. */
export class LocalDeployment {
  readonly #options: LocalDeploymentOptions;
  readonly #aws: LocalAws;
  readonly #server: Server;
  readonly #current: CurrentDeployment;
  readonly #concurrency: Concurrency;

  private constructor(
    options: LocalDeploymentOptions,
    aws: LocalAws,
    server: Server,
    current: CurrentDeployment,
  ) {
    this.#options = options;
    this.#aws = aws;
    this.#server = server;
    this.#current = current;
    this.#concurrency = new Concurrency(options.concurrency);
  }

  /**
   * Starts the services and the HTTP server. Nothing is deployed yet.
   *
   * @throws Error if the port is taken
   */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const current = new CurrentDeployment(options.reporter);
    const server = await listen(options.port, (request, response) => current.serve(request, response));
    const aws = await LocalAws.start(options, current);
    return new LocalDeployment(options, aws, server, current);
  }

  /** Where the HTTP API answers. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /**
   * Deploys an assembly, in place of the one before: messages and tables stay, code and settings change. If the
   * assembly cannot be deployed, the one before stays in place.
   *
   * @throws Error naming what AWS would refuse, what the local run does not know, or a function that does not start
   */
  async deploy(assembly: ChosenAssembly): Promise<DeployedStack> {
    const addresses = { queueUrl: (id: string) => this.#queueUrl(id), apiEndpoint: this.url };
    const deployed = await this.#apply(planDeployment(assembly, addresses, this.#aws.endpoint));
    return { ...deployed, notRun: assembly.notRun };
  }

  /** Ends everything that it started. */
  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#current.replace(undefined, true);
    await this.#aws.stop();
  }

  async #apply(plan: DeploymentPlan): Promise<Omit<DeployedStack, 'notRun'>> {
    const { reporter, clock, archive } = this.#options;
    const { assembly, resolve, iam } = plan;
    const permissions = new Permissions(iam, reporter);
    permissions.demand(plan.serviceCalls, assembly.guests);
    const [anyFunction] = plan.functions;
    if (anyFunction) await assertStarts(anyFunction);
    // Now, because the first record would have to wait for it.
    if (plan.streams.size > 0) await loadJq();

    const monitoring = createMonitoring({
      assembly,
      resolve,
      iam,
      clock,
      reporter,
      queueStatistics: (id) => this.#aws.queue(id)?.statistics(),
      before: this.#current.monitoring,
    });
    const next = new RunningDeployment(plan, {
      aws: this.#aws,
      concurrency: this.#concurrency,
      clock,
      reporter,
      permissions,
      monitoring,
      eventSourcesOff: this.#current.eventSourcesOff,
    });
    const queues = await createQueues(this.#aws.sqsClient(), assembly, resolve);
    const tables = await createTables(this.#aws.dynamoDbClient(), assembly, resolve);
    if (plan.signingSecret !== undefined) this.#aws.addSecret(plan.signingSecret, this.#options.secret);
    for (const { arn, variable, text } of plan.userSecrets) {
      this.#aws.addSecret(arn, this.#options.userSecrets[variable] ?? text);
    }
    this.#aws.addStreams(plan.streams);
    await this.#current.replace(next, false);
    return {
      outputs: plan.outputs,
      endpoints: this.#aws.serviceEndpoints,
      archive,
      queues: Object.fromEntries(queues.map((id) => [id, this.#queueUrl(id)])),
      tables,
      grants: iam.grants,
      notEmulated: plan.notEmulated,
      secretVariables: plan.userSecrets.map(({ variable }) => variable),
      workers: plan.eventSources.flatMap(({ source, target }) => {
        const name = target.environment.WORKER_NAME;
        const { batchSize, maximumConcurrency } = source;
        return name ? [{ name, batchSize, maximumConcurrency, timeoutSeconds: target.timeoutSeconds }] : [];
      }),
    };
  }

  #queueUrl(logicalId: string): string {
    return `${this.#aws.endpoint}/${account}/${logicalId}`;
  }
}

async function listen(port: number, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
