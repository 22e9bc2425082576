import { countTablesOf, type HandlerTable } from '../../lambda/handlers/define-handlers.ts';
import { workerNameProblem } from '../../lambda/routing/worker-name.ts';
import { catalogue } from '../../lambda/zavu/catalogue.ts';
import { docsPage } from '../docs-page.ts';
import { nearest } from '../nearest.ts';

/**
 * The receiver has the URL of every worker's queue in a variable, and Lambda allows 4 KB for all variables of a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxWorkers = 12;

/**
 * Refuses a table that cannot be deployed, or whose workers could not be found again.
 *
 * @param configured names of the workers that options were given for
 * @throws Error with a sentence for each problem
 */
export function refuseTable(handlers: HandlerTable | undefined, configured: readonly string[]): void {
  // The compiler sees it, but JavaScript has none.
  if (!handlers)
    throw new Error(`There is no table of handlers. Give it as \`handlers\` (${docsPage('handlers.md')}).`);
  const { file, routes, entries } = handlers;
  const { workers } = routes;
  const problems = [
    ...Object.keys(entries).flatMap((type) => unknownTypeProblem(type) ?? []),
    ...workers.flatMap((name) => workerNameProblem(name) ?? []),
    ...(workers.length > maxWorkers
      ? [
          `${workers.length} workers are too many: ${maxWorkers} is the most. Route several event types to one worker.`,
        ]
      : []),
    ...(routes.receivingWorkers.length === 0
      ? ['No event type has a worker. Route the types that you handle: `...defaults` routes them all.']
      : []),
    ...configured
      .filter((name) => !workers.includes(name))
      .map(
        (name) =>
          `workers.${name}: no event type is routed to a worker of that name. There are: ${workers.join(', ')}.`,
      ),
    ...(countTablesOf(file) > 1
      ? ['The file defines several tables. Put each into a file of its own, where its name is `handlers`.']
      : []),
  ];
  if (problems.length === 0) return;
  throw new Error(`Handlers that do not fit (${file}):\n${problems.map((each) => `  ${each}`).join('\n')}`);
}

/** Why a table cannot have an entry of this name: the compiler sees it, and nothing else runs the compiler before it deploys. */
function unknownTypeProblem(type: string): string | undefined {
  if (Object.hasOwn(catalogue, type)) return undefined;
  const near = nearest(type, Object.keys(catalogue));
  return `"${type}" is no event type of Zavu's.${near === undefined ? '' : ` Did you mean ${near}?`}`;
}
