import { functionMetrics, type RecordMetric } from '../aws/cloudwatch/service-metrics.ts';
import type { LogGroups } from '../aws/logs/log-groups.ts';
import { attemptFailureOf } from '../failures/failure.ts';
import { framesOf } from '../failures/frames.ts';
import { interruptionOf } from '../failures/interruption.ts';
import type { SourcePlaces } from '../failures/source-places.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Concurrency } from '../runtime/functions/concurrency.ts';
import type { FunctionDefinition } from '../runtime/functions/definitions.ts';
import { LambdaFunction } from '../runtime/functions/lambda-function.ts';
import type { DeploymentPlan } from './plan.ts';

/** Invocations of one function at once, if no event source says so. */
const defaultConcurrency = 10;

/** SQS's own: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const defaultVisibilityTimeoutSeconds = 30;

/** What functions of a deployment share, and who is told of them. */
interface FunctionSurroundings {
  /** The concurrency of the account. */
  concurrency: Concurrency;
  logs: LogGroups;
  record: RecordMetric;
  reporter: Reporter;
  places: SourcePlaces;
}

/** Creates the functions of a plan, by name: each is measured, and what happens in it is logged and reported. */
export function createFunctions(
  { functions, eventSources, assembly }: DeploymentPlan,
  surroundings: FunctionSurroundings,
): Map<string, LambdaFunction> {
  return new Map(
    functions.map((definition) => {
      const polled = eventSources.find(({ target }) => target.name === definition.name);
      const limit = polled?.source.maximumConcurrency ?? defaultConcurrency;
      const queue = polled && assembly.resources[polled.source.queueArn.split(':').at(-1) ?? ''];
      const hidden = queue && Number(queue.Properties.VisibilityTimeout ?? defaultVisibilityTimeoutSeconds);
      return [definition.name, createFunction(definition, limit, hidden, surroundings)];
    }),
  );
}

function createFunction(
  definition: FunctionDefinition,
  limit: number,
  visibilityTimeoutSeconds: number | undefined,
  { concurrency, logs, record, reporter, places }: FunctionSurroundings,
): LambdaFunction {
  const { name, memoryMb, module } = definition;
  const worker = definition.environment.WORKER_NAME;
  const { invoked, throttled } = functionMetrics(name, record);
  return new LambdaFunction(definition, limit, concurrency, {
    ...logs.ofFunction(definition),
    invoked,
    started: (pid) => reporter.started(name, pid),
    throttled() {
      throttled();
      reporter.throttled(name, worker);
    },
    failed: (end) =>
      reporter.failed(name, worker, interruptionOf(end, { places, module, visibilityTimeoutSeconds })),
    attemptFailed: (failed) => reporter.attemptFailed(attemptFailureOf(failed, places, module)),
    printed({ method, stack }) {
      const place = places.findOwn(framesOf(stack), module);
      if (place) reporter.printed({ function: name, worker, method, place });
    },
    memoryExceeded: (usedMb) => reporter.memoryExceeded({ function: name, worker, usedMb, memoryMb }),
  });
}
