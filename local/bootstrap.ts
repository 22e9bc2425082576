import { pathToFileURL } from 'node:url';
import type { Invocation, InvocationResult } from './sandbox.ts';

/**
 * Runs inside a sandbox's own process: imports the function's bundle, as Lambda's runtime does, and answers
 * one invocation at a time. Dies with the process that started it.
 */
const [, , bundle = '', exported = ''] = process.argv;

const send = (result: InvocationResult) => process.send?.(result);
process.on('disconnect', () => process.exit());

try {
  const { [exported]: handler } = await import(pathToFileURL(bundle).href);
  process.on('message', async ({ event, context, trace }: Invocation) => {
    process.env._X_AMZN_TRACE_ID = trace;
    const { deadline, ...fixed } = context;
    try {
      const result: unknown = await handler(event, {
        ...fixed,
        getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
      });
      send({ ok: true, result });
    } catch (error) {
      send({ ok: false, error: describe(error) });
    }
  });
  send({ ok: true, result: 'ready' });
} catch (error) {
  send({ ok: false, error: describe(error) });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
