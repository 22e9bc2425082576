import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Thrown } from './aws/lambda-lines.ts';
import type { Answer } from './runtime/sandbox-process.ts';
import type { Invocation } from './sandbox.ts';

/**
 * Runs inside a sandbox's own process: imports the function's bundle, as Lambda's runtime does, and answers
 * one invocation at a time. Dies with the process that started it.
 */
// Node has read it by now, and Lambda sets no such variable.
delete process.env.NODE_COMPILE_CACHE;
const [, , bundle = '', exported = ''] = process.argv;

const send = (answer: { result?: unknown; thrown?: Thrown }) => {
  const maxMemoryMb = Math.ceil(process.resourceUsage().maxRSS / 1024);
  process.send?.({ ...answer, maxMemoryMb } satisfies Answer);
};
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
      send({ result });
    } catch (error) {
      send({ thrown: describe(error) });
    }
  });
  // Node would write it at the end of the process, which is killed.
  flushCompileCache();
  send({ result: 'ready' });
} catch (error) {
  const thrown = describe(error);
  send({ thrown: { ...thrown, errorType: runtimeError(error) ?? thrown.errorType } });
}

/** What Lambda's runtime calls an error of its own, which a module is the cause of. */
function runtimeError(error: unknown): string | undefined {
  if (error instanceof SyntaxError) return 'Runtime.UserCodeSyntaxError';
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? 'Runtime.ImportModuleError' : undefined;
}

function describe(error: unknown): Thrown {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), stack: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    // On AWS, the bundle lies there.
    stack: (error.stack ?? '')
      .replaceAll(pathToFileURL(dirname(bundle)).href, 'file:///var/task')
      .replaceAll(dirname(bundle), '/var/task')
      .split('\n'),
  };
}
