import { PermanentFailure } from '../handlers/handler.ts';
import { errorFields, type LogFields } from '../shared/log.ts';
import type { History } from './runs.ts';

/** What is known of a thrown value. */
export interface HandlerFailure {
  /** Whether the handler said that no retry helps. */
  isPermanent: boolean;
  /** Class and message in one line, for the dead letter: printable ASCII, at most 1,000 characters. */
  summary: string;
  /** Where it was thrown, for the dead letter: `message-inbound-3.mjs:2:55`, or `none`. */
  place: string;
  /** What may be logged of it, which is never the message. */
  fields: Pick<LogFields, 'error' | 'at'>;
}

/**
 * Reads what was thrown, once and in one place. It may be anything, and reading it may throw as well: a proxy or a
 * getter may, and an error may be its own cause.
 */
export function failureOf(thrown: unknown): HandlerFailure {
  return {
    isPermanent: orElse(false, () => thrown instanceof PermanentFailure),
    summary: orElse('unreadable', () => summaryOf(thrown)),
    ...orElse({ fields: { error: 'unreadable' }, place: noPlace }, () => {
      const fields = errorFields(thrown);
      return { fields: { ...fields, error: String(fields.error) }, place: placeOf(fields.at ?? []) };
    }),
  };
}

/** The place of what was thrown if no frame names one. */
const noPlace = 'none';

/** The first frame that is not Node's own, as file, line and column. The code's version says which file that is. */
function placeOf(frames: readonly string[]): string {
  const own = frames.find((frame) => !/[( ]node:/.test(frame));
  return own?.match(/([^/\\(]+:\d+:\d+)\)?$/)?.[1] ?? noPlace;
}

/** How the last attempt failed, as an earlier receive of the message has recorded it. */
export function failureOfLastRun({ lost, cause = 'none' }: History): HandlerFailure {
  const [name = '', text] = lost ? lostTexts[lost] : [cause.split(' ')[0], 'Thrown in the last attempt.'];
  return { isPermanent: false, summary: `${name}: ${text}`, place: noPlace, fields: { error: name } };
}

const lostTexts = {
  function_died: ['FunctionDied', 'The function died in the last attempt.'],
  timed_out: ['TimedOut', 'The function was killed at its time-out in the last attempt.'],
} as const;

/** A dead letter must not be refused because of its own attribute, so this has only characters that SQS takes. */
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
