import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metric } from '../aws/cloudwatch/metric.ts';
import type { LocalMonitoring } from '../aws/cloudwatch/monitoring.ts';
import type { AwsCall } from '../aws/endpoint/aws-call.ts';
import type { BusEntry } from '../aws/event-bridge/event-bus.ts';
import type { DeliveryStream } from '../aws/firehose/firehose.ts';
import type { ServedDeployment } from '../aws/local-aws.ts';
import type { parametersOf } from '../aws/ssm/ssm.ts';
import type { Reporter } from '../report/reporter.ts';
import type { EventSources } from '../runtime/event-sources/event-sources.ts';
import type { RunningDeployment } from './running-deployment.ts';

/** The deployment of the moment, as the services that outlive it see it. There is none at first. */
export class CurrentDeployment implements ServedDeployment {
  /** The logical ids of event sources that are off. A deployment in their place leaves them so. */
  readonly eventSourcesOff = new Set<string>();
  readonly #reporter: Reporter;
  #running: RunningDeployment | undefined;

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
   * Retires the deployment, and starts another in its place.
   *
   * @param next undefined if there is to be no other
   * @param force kills functions that are busy
   */
  async replace(next: RunningDeployment | undefined, force: boolean): Promise<void> {
    await this.#running?.retire(force);
    this.#running = next;
    next?.start();
  }

  /** Answers a request to the HTTP API. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#running) this.#running.api(request, response);
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
