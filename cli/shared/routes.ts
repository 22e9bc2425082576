import { Routes } from '../../lambda/routing/routes.ts';
import { outputNames } from '../../lib/outputs.ts';
import type { Deployment } from './deployment.ts';

type Named = Pick<Deployment, 'name' | 'outputs'>;

/** What to do about a deployment that lacks what this command needs of it. */
export const deployFirst = 'Deploy it first: `npx cdk deploy`.';

/**
 * The routes of a deployment.
 *
 * @throws Error if they cannot be read, or if the deployment is of a version that did not tell them
 */
export function routesOf(deployment: Named): Routes {
  const routes = readRoutes(deployment);
  if (!routes) {
    throw new Error(
      `${deployment.name} is of an earlier version, which does not tell which worker handles which type. ${deployFirst}`,
    );
  }
  return routes;
}

/**
 * The routes of a deployment.
 *
 * @returns undefined if the deployment is of a version that did not tell them
 * @throws Error if they cannot be read
 */
export function readRoutes({ name, outputs }: Named): Routes | undefined {
  const text = outputs[outputNames.routes];
  if (text === undefined) return undefined;
  try {
    return Routes.parse(text);
  } catch (cause) {
    throw new Error(
      `The output ${outputNames.routes} of ${name} cannot be read. If a newer version of zavu-webhooks deployed it, ` +
        'install that version here. If not, deploy it again: `npx cdk deploy`.',
      { cause },
    );
  }
}

/**
 * The names of a deployment's workers. Of an earlier version they are known by their queues.
 *
 * @throws Error if a worker lacks a queue among the outputs, or if there is no worker
 */
export function workersOf(deployment: Named): readonly string[] {
  const workers = readRoutes(deployment)?.workers ?? workersByQueues(deployment);
  for (const worker of workers) assertQueues(deployment, worker);
  if (workers.length === 0) throw new Error(`${deployment.name} has no worker. ${deployFirst}`);
  return workers;
}

function assertQueues({ name, outputs }: Named, worker: string): void {
  const needed = [outputNames.queueUrl(worker), outputNames.deadLetterQueueUrl(worker)];
  const missing = needed.find((output) => !outputs[output]);
  if (!missing) return;
  throw new Error(
    `${name} lacks the output ${missing} of its ${worker} worker: it was changed by hand, or a deployment of it failed. ` +
      'Deploy it again: `npx cdk deploy`.',
  );
}

/** The workers of a version that has no routes among its outputs: each has a queue, and a queue of dead letters. */
function workersByQueues({ outputs }: Named): string[] {
  return Object.keys(outputs).flatMap((output) => {
    const [, first, rest] = /^([A-Z])(\w*)DeadLetterQueueUrl$/.exec(output) ?? [];
    return first === undefined ? [] : [`${first.toLowerCase()}${rest}`];
  });
}
