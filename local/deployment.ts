import { createMonitoring } from './aws/cloudwatch/monitoring.ts';
import { loadJq } from './aws/firehose/firehose.ts';
import { Permissions } from './aws/iam/permissions.ts';
import { LocalAws, type LocalAwsOptions } from './aws/local-aws.ts';
import type { Assembly, ChosenAssembly } from './aws/template/assembly.ts';
import { account } from './aws/template/environment.ts';
import { createQueues } from './aws/template/queues.ts';
import type { Resolve } from './aws/template/resolve.ts';
import { createTables } from './aws/template/tables.ts';
import { CurrentDeployment } from './deployment/current-deployment.ts';
import type { LocalVariables } from './deployment/local-variables.ts';
import { type DeploymentPlan, planDeployment } from './deployment/plan.ts';
import { RunningDeployment } from './deployment/running-deployment.ts';
import { plant, readSeeds } from './deployment/seeds.ts';
import { SourcePlaces } from './failures/source-places.ts';
import type { DeployedStack, Reporter } from './report/reporter.ts';
import { Concurrency } from './runtime/functions/concurrency.ts';
import { assertStarts } from './runtime/functions/start-check.ts';
import { WebhookServer } from './webhook-server.ts';

export interface LocalDeploymentOptions extends LocalAwsOptions {
  /** Port of the HTTP API; 0 picks a free one. */
  port: number;
  /** The address that it answers at. */
  host: string;
  /** The signing secret's text. */
  secret: string;
  /** The folder of the app, for its seeds. */
  folder: string;
  /** Variables of the user for what runs here, as they are at each deployment. */
  variables(): LocalVariables;
  reporter: Reporter;
  /**
   * Directory of the source maps that the synthesis has written.
   *
   * @default failures are shown without the lines of the source
   */
  sourceMaps?: string;
  /** Executions at once that the account has for all functions. What is beyond them is throttled. */
  concurrency: number;
}

/** A cloud assembly, deployed on this machine: services that stay, and the deployment that runs on them. */
export class LocalDeployment {
  readonly #options: LocalDeploymentOptions;
  readonly #aws: LocalAws;
  readonly #server: WebhookServer;
  readonly #current: CurrentDeployment;
  readonly #concurrency: Concurrency;
  readonly #places: SourcePlaces;
  /** Logical ids of the tables and queues that have had their seeds. */
  readonly #planted = new Set<string>();

  private constructor(
    options: LocalDeploymentOptions,
    aws: LocalAws,
    server: WebhookServer,
    current: CurrentDeployment,
  ) {
    this.#options = options;
    this.#aws = aws;
    this.#server = server;
    this.#current = current;
    this.#concurrency = new Concurrency(options.concurrency);
    this.#places = new SourcePlaces(options.sourceMaps);
  }

  /**
   * Starts the services and the HTTP server. Nothing is deployed yet.
   *
   * @throws Error if the port is taken
   */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const current = new CurrentDeployment(options.reporter);
    const server = await WebhookServer.start(options, (request, response) =>
      current.serve(request, response),
    );
    const aws = await LocalAws.start(options, current);
    return new LocalDeployment(options, aws, server, current);
  }

  /** Where the HTTP API answers. */
  get url(): string {
    return this.#server.url;
  }

  /**
   * Deploys an assembly, in place of the one before: messages and tables stay, code and settings change. If the
   * assembly cannot be deployed, the one before stays in place.
   *
   * @param released is called when another deployment has taken its place, and nothing runs from it any more
   * @throws Error naming what AWS would refuse, what the local run does not know, or a function that does not start
   */
  async deploy(assembly: ChosenAssembly, released: () => void): Promise<DeployedStack> {
    const addresses = { queueUrl: (name: string) => this.#queueUrl(name), apiEndpoint: this.url };
    const variables = this.#options.variables();
    const plan = planDeployment(assembly, addresses, this.#aws, variables);
    const deployed = await this.#apply(plan, variables.ofSecrets, released);
    return { ...deployed, notRun: assembly.notRun };
  }

  /** Ends everything that it started. */
  async stop(): Promise<void> {
    this.#server.stop();
    await this.#current.end();
    await this.#aws.stop();
  }

  async #apply(
    plan: DeploymentPlan,
    secretTexts: LocalVariables['ofSecrets'],
    released: () => void,
  ): Promise<Omit<DeployedStack, 'notRun'>> {
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
      queueStatistics: (name) => this.#aws.queue(name)?.statistics(),
      before: this.#current.monitoring,
    });
    const next = new RunningDeployment(plan, {
      aws: this.#aws,
      concurrency: this.#concurrency,
      clock,
      reporter,
      permissions,
      monitoring,
      places: this.#places,
      eventSourceSwitches: this.#current.eventSourceSwitches,
      released,
    });
    const queues = await createQueues(this.#aws.sqsClient(), assembly, resolve);
    const tables = await createTables(this.#aws.dynamoDbClient(), assembly, resolve);
    await this.#plant(assembly, resolve);
    if (plan.signingSecret !== undefined) this.#aws.addSecret(plan.signingSecret, this.#options.secret);
    for (const { arn, variable, text } of plan.userSecrets) {
      this.#aws.addSecret(arn, secretTexts[variable] ?? text);
    }
    for (const { arn, variable } of plan.absent.importedSecrets) {
      const text = secretTexts[variable];
      if (text !== undefined) this.#aws.addSecret(arn, text);
    }
    this.#aws.addStreams(plan.streams);
    this.#aws.setTopics(monitoring.sns.deliveries);
    await this.#current.replace(next);
    return {
      outputs: plan.outputs,
      endpoints: this.#aws.serviceEndpoints,
      archive,
      queues: Object.fromEntries(queues.map((id) => [id, String(resolve({ Ref: id }))])),
      tables,
      grants: iam.grants,
      notEmulated: plan.notEmulated,
      imported: plan.absent.words,
      secretVariables: [...plan.userSecrets, ...plan.absent.importedSecrets].map(({ variable }) => variable),
      setVariables: plan.variables.set,
      unusedVariables: plan.variables.unused,
      workers: plan.eventSources.flatMap(({ source, target }) => {
        const name = target.environment.WORKER_NAME;
        const { batchSize, maximumConcurrency } = source;
        return name ? [{ name, batchSize, maximumConcurrency, timeoutSeconds: target.timeoutSeconds }] : [];
      }),
    };
  }

  /** Puts in the seeds of what has not had its own yet: a table keeps what functions have made of them. */
  async #plant(assembly: Assembly, resolve: Resolve): Promise<void> {
    const seeds = readSeeds(this.#options.folder, assembly, resolve);
    const fresh = seeds.filter(({ logicalId }) => !this.#planted.has(logicalId));
    await plant(fresh, resolve, { dynamoDb: this.#aws.dynamoDbClient(), sqs: this.#aws.sqsClient() });
    for (const { logicalId } of fresh) this.#planted.add(logicalId);
  }

  #queueUrl(name: string): string {
    return `${this.#aws.endpoint}/${account}/${name}`;
  }
}
