import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { LocalMonitoring } from '../aws/cloudwatch/monitoring.ts';
import { apiMetrics } from '../aws/cloudwatch/service-metrics.ts';
import type { AwsCall } from '../aws/endpoint/aws-call.ts';
import type { Permissions } from '../aws/iam/permissions.ts';
import { overTls, type RequestContext } from '../aws/iam/request-context.ts';
import type { LocalAws } from '../aws/local-aws.ts';
import { LogGroups } from '../aws/logs/log-groups.ts';
import { PermittedQueue } from '../aws/sqs/permitted-queue.ts';
import { RemoteQueue } from '../aws/sqs/remote-queue.ts';
import { parametersOf } from '../aws/ssm/ssm.ts';
import { type Clock, createClock } from '../clock.ts';
import type { SourcePlaces } from '../failures/source-places.ts';
import type { Reporter } from '../report/reporter.ts';
import { EventSource, type Stopped } from '../runtime/event-sources/event-source.ts';
import { EventSources, type Switch } from '../runtime/event-sources/event-sources.ts';
import type { PolledQueue } from '../runtime/event-sources/polled-queue.ts';
import type { Concurrency } from '../runtime/functions/concurrency.ts';
import type { LambdaFunction } from '../runtime/functions/lambda-function.ts';
import { createHttpApi } from '../runtime/http-api/http-api.ts';
import {
  RunningSchedule,
  type ScheduleDefinition,
  scheduleDefinitions,
} from '../runtime/schedules/schedule.ts';
import type { AbsentResources } from './absent-resources.ts';
import { createFunctions } from './functions.ts';
import type { DeploymentPlan, PlannedEventSource } from './plan.ts';

/** What a deployment runs on. */
interface RunningDeploymentProps {
  aws: LocalAws;
  /** The concurrency of the account. */
  concurrency: Concurrency;
  clock: Clock;
  reporter: Reporter;
  permissions: Permissions;
  monitoring: LocalMonitoring;
  places: SourcePlaces;
  /** Whether event sources poll, by their logical ids, as the deployment before has left it. */
  eventSourceSwitches: Map<string, Switch>;
  /** Is called when it was taken away, and nothing runs from its assembly any more. */
  released(): void;
}

/** A deployment at work: its functions, and what invokes and watches them. */
export class RunningDeployment {
  readonly monitoring: LocalMonitoring;
  readonly logs: LogGroups;
  /** Its parameters of SSM. */
  readonly parameters: ReturnType<typeof parametersOf>;
  /** What polls its queues. */
  readonly eventSources: EventSources;
  readonly #api: RequestListener;
  /** The requests that are not answered yet. */
  readonly #requests = new Set<Promise<void>>();
  readonly #released: () => void;
  readonly #aws: LocalAws;
  readonly #clock: Clock;
  readonly #permissions: Permissions;
  readonly #requestContext: RequestContext;
  readonly #absent: AbsentResources;
  readonly #reporter: Reporter;
  readonly #refused = new Set<string>();
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #plannedSchedules: readonly ScheduleDefinition[];
  #schedules: readonly RunningSchedule[] = [];

  /**
   * Creates it. Nothing runs before `start`.
   *
   * @throws Error naming a part of the template's HTTP API or schedules that is not known here
   */
  constructor(plan: DeploymentPlan, props: RunningDeploymentProps) {
    const { aws, concurrency, clock, reporter, permissions, monitoring, places } = props;
    const { assembly, resolve } = plan;
    const record = monitoring.cloudWatch.record.bind(monitoring.cloudWatch);
    this.monitoring = monitoring;
    this.#released = props.released;
    this.logs = new LogGroups((line) => {
      monitoring.cloudWatch.line(line.logGroup, line.text);
      aws.logs.add(line);
      reporter.logged(line);
    });
    this.#aws = aws;
    this.#clock = clock;
    this.#permissions = permissions;
    this.#requestContext = plan.requestContext;
    this.#absent = plan.absent;
    this.parameters = parametersOf(assembly, resolve);
    this.#reporter = reporter;
    this.#functions = createFunctions(plan, { concurrency, logs: this.logs, record, reporter, places });
    this.#api = createHttpApi(assembly, resolve, this.#functions, {
      // Requests take the machine's time, and the throttle that lets them in goes by it, too.
      clock: createClock(),
      logs: this.logs,
      observer: apiMetrics(plan.apiId, record),
    });
    this.eventSources = new EventSources(
      new Map(
        plan.eventSources.flatMap((planned) => {
          const target = this.#functions.get(planned.target.name);
          if (!target) return [];
          const begin = () => new EventSource(planned.source, this.#queueOf(planned), target);
          return [[planned.source.id, { isEnabled: planned.source.isEnabled, begin }] as const];
        }),
      ),
      props.eventSourceSwitches,
    );
    this.#plannedSchedules = scheduleDefinitions(assembly, resolve, this.#functions);
  }

  /** Begins to evaluate alarms, to poll queues and to run schedules. */
  start(): void {
    this.monitoring.cloudWatch.start();
    this.eventSources.start();
    this.#schedules = this.#plannedSchedules.map((schedule) => new RunningSchedule(schedule, this.#clock));
  }

  /** Takes it away: busy functions finish, unless `force` kills them, also those of one that is retiring already. */
  retire(force: boolean): Stopped {
    this.monitoring.cloudWatch.stop();
    for (const each of this.#schedules) each.stop();
    const { received, done } = this.eventSources.stop(force);
    const end = async () => {
      await Promise.all([done, ...this.#requests]);
      await this.#stopFunctions(force);
      this.#released();
    };
    if (force) void this.#stopFunctions(true);
    return { received, done: end() };
  }

  /** Answers a request to its HTTP API. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    this.#requests.add(closed);
    void closed.then(() => this.#requests.delete(closed));
    this.#api(request, response);
  }

  /** Why a call of a function is denied, or undefined. A function is known by the credentials of its process. */
  denial(call: AwsCall): string | undefined {
    const { accessKeyId, action, resource } = call;
    const caller = this.#functions.get(this.#aws.functionOf(accessKeyId) ?? '');
    if (!caller) return 'the caller is no function of the deployment';
    const context = this.#requestContext(call);
    return this.#permissions.denial({ principal: caller.definition.role, action, resource, context });
  }

  /** Why a call cannot be answered, because what it names is not here; undefined if it is. */
  absence(call: AwsCall): string | undefined {
    return this.#absent.absence(call);
  }

  /** Reports a call that was refused, each reason once. */
  refused(sentence: string): void {
    if (this.#refused.has(sentence)) return;
    this.#refused.add(sentence);
    this.#reporter.refused(sentence);
  }

  async #stopFunctions(force: boolean): Promise<void> {
    await Promise.all([...this.#functions.values()].map((each) => each.stop(force)));
  }

  /** The queue of an event source, polled in the role of its function. */
  #queueOf({ source: { queueArn, queueUrl }, target: { name, role } }: PlannedEventSource): PolledQueue {
    const queue = this.#aws.queue(queueArn.split(':').at(-1) ?? '');
    if (!queue) return new RemoteQueue(queueUrl, this.#aws.endpoint, this.#aws.credentialsOf(name));
    return new PermittedQueue(queue, (action) =>
      this.#permissions.denial({ principal: role, action, resource: queueArn, context: overTls }),
    );
  }
}
