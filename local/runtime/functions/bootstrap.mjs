import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { patchConsole } from './json-console.mjs';
import { observe } from './observer.mjs';
import { peakMemoryMb } from './peak-memory.mjs';

/**
 * Runs inside a sandbox's own process: imports the function's bundle, as Lambda's runtime does, and answers
 * one invocation at a time. Dies with the process that started it.
 *
 * Plain JavaScript, because what Node takes to strip types (17 MB) would count as the function's memory.
 *
 * @typedef {import('./text-lines.ts').Thrown} Thrown
 * @typedef {import('./sandbox-process.ts').Answer} Answer
 * @typedef {import('./invocation.ts').Invocation} Invocation
 */
// Node has read it by now, and Lambda sets no such variable.
delete process.env.NODE_COMPILE_CACHE;
const [, , bundle = '', exported = ''] = process.argv;

/** @param {Omit<Answer, 'maxMemoryMb'>} answer */
const send = (answer) => process.send?.({ ...answer, maxMemoryMb: peakMemoryMb() });
let isEnding = false;
process.on('disconnect', () => {
  isEnding = true;
  process.exit();
});
observe(
  (observation) => process.send?.({ observation }),
  () => isEnding,
);
/** @type {string | undefined} */
let requestId;
patchConsole(() => requestId);

try {
  const { [exported]: handler } = await import(pathToFileURL(bundle).href);
  process.on('message', async (/** @type {Invocation} */ { event, context, trace }) => {
    process.env._X_AMZN_TRACE_ID = trace;
    const { deadline, ...fixed } = context;
    requestId = fixed.awsRequestId;
    try {
      const result = await handler(event, {
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

/**
 * What Lambda's runtime calls an error of its own, which a module is the cause of.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
function runtimeError(error) {
  if (error instanceof SyntaxError) return 'Runtime.UserCodeSyntaxError';
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isMissing ? 'Runtime.ImportModuleError' : undefined;
}

/**
 * @param {unknown} error
 * @returns {Thrown}
 */
function describe(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), stack: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    // On AWS, this is the bundle's directory.
    stack: (error.stack ?? '')
      .replaceAll(pathToFileURL(dirname(bundle)).href, 'file:///var/task')
      .replaceAll(dirname(bundle), '/var/task')
      .split('\n'),
  };
}
