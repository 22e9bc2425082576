/**
 * The fields that a log line may carry. An allow-list, so that no secret, signature, body, text, address
 * or phone number can reach a log by accident: what is not named here does not compile.
 */
export interface LogFields {
  outcome?: string;
  reason?: string;
  /** A closer reason, from a fixed set of words or of schema paths. */
  detail?: string;
  status?: number;
  scheme?: string;
  id?: string;
  type?: string;
  project?: string;
  worker?: string;
  attempt?: number;
  /** The forced replay that a message belongs to. */
  replay?: string;
  retryInSeconds?: number;
  ms?: number;
  requestId?: string;
  /** What the lines of one event share, in the receiver and in its worker. */
  trace?: string;
  /** Class of an error and of its causes. Never its message: messages quote what they choke on. */
  error?: string;
  /** Top frames of an error's stack, without its message. */
  at?: readonly string[];
  /** Where (never how) an event's data differs from its schema. */
  path?: string;
  messageId?: string;
  templateId?: string;
  conversationId?: string;
  callId?: string;
  broadcastId?: string;
  invitationId?: string;
  /** What an event says has become of something: `completed`, `rejected`. */
  state?: string;
  channel?: string;
  intent?: string;
  errorCode?: string;
  lagMs?: number;
}

/** Writes one JSON line per call. `child` adds fields to every line that follows. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

/**
 * Creates a logger.
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
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      write(
        `${JSON.stringify({ level, timestamp: new Date().toISOString(), message, ...bound, ...fields })}\n`,
      );
  return {
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    child: (fields) => createLogger({ ...bound, ...fields }, write),
  };
}

/**
 * What may be logged of an error: its class, its causes' and where it was thrown.
 *
 * @param thrown whatever was thrown, an Error or not
 */
export function errorFields(thrown: unknown): Pick<LogFields, 'error' | 'at'> {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  // The stack begins with the message, whose own lines may look like frames.
  const frames = (thrown.stack ?? '')
    .replace(thrown.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 3)
    .map((line) => line.trim());
  return { error: names(thrown), at: frames };
}

/** An error's class, and the class of what caused it: libraries wrap the one that tells. */
function names(error: Error): string {
  return error.cause instanceof Error ? `${error.name} < ${names(error.cause)}` : error.name;
}
