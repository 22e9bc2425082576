import { PermanentFailure } from '../handlers/handler.ts';
import { errorFields, type LogFields } from '../shared/log.ts';

/** What is known of something that was thrown. */
export interface Failure {
  /** Whether the handler said that no retry helps. */
  isPermanent: boolean;
  /** Class and message in one line, for the dead letter: printable ASCII, at most 1,000 characters. */
  summary: string;
  /** What may be logged of it: no message. */
  fields: Pick<LogFields, 'error' | 'at'>;
}

/**
 * Reads what was thrown, once and in one place: it may be anything, and reading it may throw, too. A proxy may, a
 * getter, an error that is its own cause.
 */
export function failureOf(thrown: unknown): Failure {
  return {
    isPermanent: orElse(false, () => thrown instanceof PermanentFailure),
    summary: orElse('unreadable', () => summaryOf(thrown)),
    fields: orElse({ error: 'unreadable' }, () => {
      const fields = errorFields(thrown);
      return { ...fields, error: String(fields.error) };
    }),
  };
}

/** A dead letter must not fail on its own label, so that there are only characters that SQS takes. */
function summaryOf(thrown: unknown): string {
  const line = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown ?? 'none');
  return line.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 1000) || 'none';
}

function orElse<Value>(fallback: Value, read: () => Value): Value {
  try {
    return read();
  } catch {
    return fallback;
  }
}
