import { type Logger, loggerOf } from '../shared/log.ts';
import { type LogFields, withFields } from '../shared/log-fields.ts';
import {
  type FieldsWith,
  type Free,
  type FurtherFields,
  furtherFields,
  withFurtherFields,
} from './further-fields.ts';

/**
 * The logger of a handler. It writes what a `Logger` does, and can be extended by fields of your own.
 *
 * @typeParam More the further fields that it carries
 */
export interface HandlerLogger<More extends FurtherFields = Record<never, never>>
  extends Logger<FieldsWith<More>> {
  /** The further fields that it carries, and their kinds. */
  readonly further: More;
  /** Adds fields to every line that follows. */
  child(fields: FieldsWith<More>): HandlerLogger<More>;
  /**
   * Gives a logger that may carry further fields: `logger.extend({ customerId: 'id', plan: 'word', points: 'number' })`.
   * Their values are checked when a line is written. A further field may be added again if its kind is the same, so
   * that a function may extend the logger that it is given.
   *
   * A name that cannot be used is a mistake in the code, so that it throws and leaves no field out in silence: the
   * first test of the handler meets it. If an event meets it, the event is lost as little as by any other error. It is
   * tried again, a corrected version that is deployed meanwhile handles it, and otherwise it is dead-lettered with
   * `LogFieldError` as its error.
   *
   * @throws LogFieldError for a known field's name, a name that is no word, another kind, or more than 16 fields
   */
  extend<const Fields extends FurtherFields>(fields: Free<Fields>): HandlerLogger<More & Fields>;
}

/**
 * Creates a logger for handlers. Its lines are those of `createLogger`, and up to 500 characters longer for each
 * further field.
 *
 * @param bound fields for every line
 * @param write takes one line, ending in a newline
 */
export function createHandlerLogger(
  bound: LogFields = {},
  write: (line: string) => void = (line) => process.stdout.write(line),
): HandlerLogger {
  return loggerWith({}, withFields({}, bound), write);
}

/** @param bound fields that were checked */
function loggerWith<More extends FurtherFields>(
  further: More,
  bound: Record<string, unknown>,
  write: (line: string) => void,
): HandlerLogger<More> {
  const add = (line: Record<string, unknown>, fields: FieldsWith<More>) =>
    withFurtherFields(line, fields, further);
  return {
    ...loggerOf(bound, write, add),
    further,
    child: (fields) => loggerWith(further, add({ ...bound }, fields), write),
    extend: <const Fields extends FurtherFields>(fields: Free<Fields>) =>
      loggerWith(furtherFields<More, Fields>(further, fields), bound, write),
  };
}
