import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metric } from '../aws/cloudwatch/metric.ts';
import type { LocalMonitoring } from '../aws/cloudwatch/monitoring.ts';
import type { AwsCall } from '../aws/endpoint/aws-call.ts';
import type { BusEntry } from '../aws/event-bridge/event-bus.ts';
import type { DeliveryStream } from '../aws/firehose/firehose.ts';
import type { ServedDeployment } from '../aws/local-aws.ts';
import type { parametersOf } from '../aws/ssm/ssm.ts';
import type { Reporter } from '../report/reporter.ts';
import type { EventSources, Switch } from '../runtime/event-sources/event-sources.ts';
import type { RunningDeployment } from './running-deployment.ts';

/** The deployment of the moment, as the services that outlive it see it. There is none at first. */
export class CurrentDeployment implements ServedDeployment {
  /** Whether event sources poll, by their logical ids. A deployment in their place leaves them so. */
  readonly eventSourceSwitches = new Map<string, Switch>();
  readonly #reporter: Reporter;
  #running: RunningDeployment | undefined;
  /** Those before, until their last functions are done. */
  readonly #retiring = new Map<RunningDeployment, Promise<void>>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  get eventSources(): EventSources | undefined {
    return this.#running?.eventSources;
  }

  get monitoring(): LocalMonitoring | undefined {
    return this.#running?.monitoring;
  }

  get parameters(): ReturnType<typeof parametersOf> {
    return this.#running?.parameters ?? [];
  }

  /**
   * Starts a deployment in place of the one before. What that one has received it finishes beside it, as functions on AWS
   * do: a handler that takes long holds up no change.
   */
  async replace(next: RunningDeployment): Promise<void> {
    await this.#retire(this.#running);
    this.#running = next;
    next.start();
  }

  /** Ends it, and kills functions that are busy. */
  async end(): Promise<void> {
    const last = this.#running;
    this.#running = undefined;
    const killed = [last, ...this.#retiring.keys()].map((each) => each?.retire(true).done);
    await Promise.all([...killed, ...this.#retiring.values()]);
  }

  /** Resolves when it receives nothing more. */
  async #retire(before: RunningDeployment | undefined): Promise<void> {
    if (!before) return;
    const { received, done } = before.retire(false);
    this.#retiring.set(before, done);
    void done.finally(() => this.#retiring.delete(before));
    await received;
  }

  /** Answers a request to the HTTP API. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#running) this.#running.serve(request, response);
    else response.writeHead(503).end();
  }

  denial(call: AwsCall): string | undefined {
    return this.#running ? this.#running.denial(call) : 'nothing is deployed yet';
  }

  absence(call: AwsCall): string | undefined {
    return this.#running?.absence(call);
  }

  refused(sentence: string): void {
    this.#running?.refused(sentence);
  }

  record(metric: Metric, value: number): void {
    this.#running?.monitoring.cloudWatch.record(metric, value);
  }

  published(entry: BusEntry): void {
    this.#reporter.published(entry);
  }

  notified(topicArn: string): void {
    const result = this.#running?.monitoring.sns.published(topicArn);
    if (result) this.#reporter.notified(topicArn, result.readers, result.reason);
  }

  undelivered({ errorLog }: DeliveryStream, line: string): void {
    if (errorLog) this.#running?.logs.ofStream(errorLog)(line);
  }
}
