import { dirname } from 'node:path';
import type { HandlerTable } from '../../lambda/handlers/define-handlers.ts';
import { type GeneratedEntry, lambdaFile } from '../functions/entry.ts';

/**
 * The entry of all workers of a table: it takes the table from its file, and starts the worker that the environment names.
 * The workers share one bundle, so that it is built once (docs/decisions/0010).
 */
export function workerEntry({ file }: HandlerTable): GeneratedEntry {
  return {
    name: 'entry-of-workers.ts',
    resolveDirectory: dirname(file),
    source: [
      `import { handlers } from ${JSON.stringify(file)};`,
      `import { startWorker } from ${JSON.stringify(lambdaFile('worker/start-worker'))};`,
      'export const handler = await startWorker(handlers);',
    ].join('\n'),
  };
}
