import { channel } from 'node:diagnostics_channel';
import { format } from 'node:util';

/** From what says most to what says least. */
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** The methods of `console` that Lambda's runtime replaces, and the level that it gives to each. */
const methods = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

/**
 * Makes `console` what Lambda's runtime makes of it if the format of the function's log is JSON: what is printed becomes the
 * `message` of an object, and what is below the level of the log is dropped. So CloudWatch sees no metrics and no fields in what is
 * printed, although it is JSON itself.
 *
 * @param {() => string | undefined} requestId of the invocation; undefined before the first
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
export function patchConsole(requestId) {
  const { AWS_LAMBDA_LOG_FORMAT, AWS_LAMBDA_LOG_LEVEL = 'INFO' } = process.env;
  if (AWS_LAMBDA_LOG_FORMAT !== 'JSON') return;
  for (const [method, level] of Object.entries(methods)) {
    const isDropped = levels.indexOf(level) < levels.indexOf(AWS_LAMBDA_LOG_LEVEL);
    /** @param {unknown[]} printed */
    const print = (...printed) => {
      const line = jsonLine(level, requestId(), printed);
      // As Node's own methods do.
      channel(`console.${method}`).publish([line]);
      process.stdout.write(`${line}\n`);
    };
    Reflect.set(console, method, isDropped ? () => undefined : print);
  }
}

/**
 * @param {string} level
 * @param {string | undefined} requestId
 * @param {unknown[]} printed
 */
function jsonLine(level, requestId, printed) {
  const head = { timestamp: new Date().toISOString(), level, requestId };
  if (printed.length > 1) {
    const error = printed.find((each) => each instanceof Error);
    return JSON.stringify({ ...head, message: format(...printed), ...(error && errorFields(error)) });
  }
  const [message] = printed;
  try {
    return JSON.stringify({ ...head, message }, (_, value) =>
      value instanceof Error ? { ...errorFields(value), ...value } : value,
    );
  } catch {
    // It is circular, or holds a BigInt.
    return JSON.stringify({ ...head, message: format(message) });
  }
}

/** @param {Error} error */
function errorFields(error) {
  const { message: errorMessage, stack } = error;
  const stackTrace = typeof stack === 'string' ? stack.split('\n') : stack;
  return { errorType: error.constructor?.name ?? 'UnknownError', errorMessage, stackTrace };
}
