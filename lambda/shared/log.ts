import { type LogFields, withFields } from './log-fields.ts';
import type { LogMessage } from './log-message.ts';
import { isFrame, isWord, maxFrames, placeholder } from './log-values.ts';

export type { LogFields };

/** Writes a line. What varies is in its fields: its message is one word of the code. */
type WriteLine<Fields> = <Message extends string>(message: LogMessage<Message>, fields?: Fields) => void;

/** Writes one JSON line per call. `child` adds fields to every line that follows. */
export interface Logger<Fields = LogFields> {
  info: WriteLine<Fields>;
  warn: WriteLine<Fields>;
  error: WriteLine<Fields>;
  child(fields: Fields): Logger<Fields>;
}

/**
 * Creates a logger. Its lines are JSON in ASCII, shorter than 8 KB, and hold no text: a message is one word, and
 * fields are those of `log-fields.ts`, whose values are checked here.
 *
 * It writes to stdout rather than to `console`, which Lambda's runtime prefixes with text: metric filters
 * and Logs Insights read whole lines as JSON.
 *
 * @param bound fields for every line
 * @param write takes one line, ending in a newline
 */
export function createLogger(
  bound: LogFields = {},
  write: (line: string) => void = (line) => process.stdout.write(line),
): Logger {
  return loggerOf(withFields({}, bound), write, withFields);
}

/**
 * Creates a logger of other fields.
 *
 * @param bound fields that were checked
 * @param write takes one line, ending in a newline
 * @param add adds fields to a line, and checks them
 */
export function loggerOf<Fields>(
  bound: Record<string, unknown>,
  write: (line: string) => void,
  add: (line: Record<string, unknown>, fields: Fields) => Record<string, unknown>,
): Logger<Fields> {
  const at = (level: string) => (message: string, fields?: Fields) => {
    const line = { level, timestamp: new Date().toISOString(), message: wordOf(message), ...bound };
    write(`${JSON.stringify(fields ? add(line, fields) : line)}\n`);
  };
  return {
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    child: (fields) => loggerOf(add({ ...bound }, fields), write, add),
  };
}

/** How many errors of a chain of causes are named. */
const maxCauses = 5;

/**
 * What may be logged of an error: its class, the classes of its causes, and the place at which it was thrown. Never
 * throws.
 *
 * @param thrown whatever was thrown, an Error or not
 */
export function errorFields(thrown: unknown): Pick<LogFields, 'error' | 'at'> {
  return isError(thrown) ? { error: names(thrown), at: framesOf(thrown) } : { error: typeof thrown };
}

/**
 * An error's class, and the classes of its causes, because libraries wrap the error that says most. A chain ends before
 * it comes back to itself.
 */
function names(error: Error): string {
  const chain: Error[] = [];
  let cause: unknown = error;
  while (isError(cause) && chain.length < maxCauses && !chain.includes(cause)) {
    chain.push(cause);
    cause = propertyOf(cause, 'cause');
  }
  return chain.map((each) => wordOf(propertyOf(each, 'name'))).join(' < ');
}

function wordOf(value: unknown): string {
  return isWord(value) ? value : placeholder(value);
}

/** The frames of an error's stack. The stack begins with the message, whose own lines may look like frames. */
function framesOf(error: Error): string[] {
  const [stack, message] = [propertyOf(error, 'stack'), propertyOf(error, 'message')];
  if (typeof stack !== 'string') return [];
  const start = typeof message === 'string' ? stack.indexOf(message) : -1;
  const below = typeof message === 'string' && start >= 0 ? stack.slice(start + message.length) : stack;
  return below
    .split('\n')
    .map((line) => line.trim())
    .filter(isFrame)
    .slice(0, maxFrames);
}

/** Whether something is an Error. A proxy may throw at this question. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** A property of an error; undefined if its getter throws. */
function propertyOf(error: Error, name: 'name' | 'message' | 'stack' | 'cause'): unknown {
  try {
    return error[name];
  } catch {
    return undefined;
  }
}
