import type { EventSourceDefinition } from './event-source.ts';
import type { DeliveryStream } from './firehose.ts';
import type { Call, Decision, Iam } from './iam.ts';
import { arn } from './intrinsics.ts';
import type { Report } from './report.ts';
import type { FunctionDefinition } from './sandbox.ts';

/** The permissions of a deployment at work: every decision is reported, once. */
export class Permissions {
  readonly #iam: Iam;
  readonly #report: Report;
  readonly #reported = new Set<string>();
  /** By call: a deployment's policies do not change, and the same few calls come again and again. */
  readonly #decisions = new Map<string, Decision>();

  constructor(iam: Iam, report: Report) {
    this.#iam = iam;
    this.#report = report;
  }

  /** Why a call is denied, or undefined where it is allowed. */
  denial(call: Call): string | undefined {
    const key = JSON.stringify(call);
    const known = this.#decisions.get(key);
    if (known) return known.allowed ? undefined : known.reason;
    const decision = this.#iam.decide(call);
    this.#decisions.set(key, decision);
    const news = JSON.stringify(decision);
    if (!this.#reported.has(news)) {
      this.#reported.add(news);
      if (decision.allowed) this.#report.granted(decision.by);
      else this.#report.denied(decision.reason);
    }
    return decision.allowed ? undefined : decision.reason;
  }

  permits(call: Call): boolean {
    return this.denial(call) === undefined;
  }

  /**
   * Checks what AWS checks when it creates a function.
   *
   * @throws Error where Lambda may not act in its role, or may not trace in it
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  assertFunction({ role, traced }: FunctionDefinition): void {
    this.#demand({ principal: 'lambda.amazonaws.com', action: 'sts:AssumeRole', resource: role });
    const tracing = traced ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] : [];
    for (const action of tracing) this.#demand({ principal: role, action, resource: '*' });
  }

  /**
   * Checks what AWS checks when it creates an event source mapping, which polls in the function's role.
   *
   * @throws Error where that may not poll
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  assertEventSource({ role }: FunctionDefinition, { queueArn }: EventSourceDefinition): void {
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
      this.#demand({ principal: role, action, resource: queueArn });
    }
  }

  /**
   * Checks what Firehose needs to deliver. It would find out itself, one by one.
   *
   * @throws Error where it may not
   * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
   */
  assertDeliveryStream({ role, bucketArn, logGroup }: DeliveryStream): void {
    this.#demand({ principal: 'firehose.amazonaws.com', action: 'sts:AssumeRole', resource: role });
    const needs = {
      [bucketArn]: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      [`${bucketArn}/events/key`]: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      [arn('logs', `log-group:${logGroup}:log-stream:local`)]: ['logs:PutLogEvents'],
    };
    for (const [resource, actions] of Object.entries(needs)) {
      for (const action of actions) this.#demand({ principal: role, action, resource });
    }
  }

  /** Whether what a function prints reaches its log group. Where it may not, Lambda drops it silently. */
  mayLog({ role, logGroup }: FunctionDefinition): boolean {
    const resource = arn('logs', `log-group:${logGroup}:log-stream:local`);
    return ['logs:CreateLogStream', 'logs:PutLogEvents'].every((action) =>
      this.permits({ principal: role, action, resource }),
    );
  }

  #demand(call: Call): void {
    const reason = this.denial(call);
    if (reason) throw new Error(`AWS would refuse to deploy this: ${reason}.`);
  }
}
