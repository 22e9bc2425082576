import { functionMetrics, type RecordMetric } from '../aws/cloudwatch/service-metrics.ts';
import type { LogGroups } from '../aws/logs/log-groups.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Concurrency } from '../runtime/functions/concurrency.ts';
import type { FunctionDefinition } from '../runtime/functions/definitions.ts';
import { LambdaFunction } from '../runtime/functions/lambda-function.ts';
import type { DeploymentPlan } from './plan.ts';

/** Invocations of one function at once, if no event source says so. */
const defaultConcurrency = 10;

/** What functions of a deployment share, and who is told of them. */
interface FunctionSurroundings {
  /** The concurrency of the account. */
  concurrency: Concurrency;
  logs: LogGroups;
  record: RecordMetric;
  reporter: Reporter;
}

/** Creates the functions of a plan, by name: each is measured, and what happens in it is logged and reported. */
export function createFunctions(
  { functions, eventSources }: DeploymentPlan,
  surroundings: FunctionSurroundings,
): Map<string, LambdaFunction> {
  return new Map(
    functions.map((definition) => {
      const polled = eventSources.find(({ target }) => target.name === definition.name);
      const limit = polled?.source.maximumConcurrency ?? defaultConcurrency;
      return [definition.name, createFunction(definition, limit, surroundings)];
    }),
  );
}

function createFunction(
  definition: FunctionDefinition,
  limit: number,
  { concurrency, logs, record, reporter }: FunctionSurroundings,
): LambdaFunction {
  const { name, memoryMb } = definition;
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
    failed: (reason) => reporter.failed(name, worker, reason),
    memoryExceeded: (usedMb) => reporter.memoryExceeded({ function: name, worker, usedMb, memoryMb }),
  });
}
