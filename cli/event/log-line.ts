import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { type LogFields, withFields } from '../../lambda/shared/log-fields.ts';
import { isWord } from '../../lambda/shared/log-values.ts';
import { loggedId, type SearchedField } from './log-pattern.ts';

/** A line that one of the functions has logged. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  /** Who logged it: `receiver`, or a worker's name. */
  part: string;
  /** One word of the code, or `(text)` if it is no word. */
  message: string;
  /** The fields of the allow-list, whose values were checked again: anybody may have written the line. */
  fields: Readonly<Record<string, unknown>>;
  /** All other fields, which may hold texts and phone numbers. */
  others: Readonly<Record<string, unknown>>;
}

/**
 * Reads a line of a log group.
 *
 * @param storedAt when it reached the group, in milliseconds: for a line that does not say its time
 * @returns undefined if it is no line about this id
 */
export function parseLogLine(
  text: string,
  part: string,
  storedAt: number,
  field: SearchedField,
  id: string,
): LogLine | undefined {
  const line = parseJson(text);
  if (!isRecord(line) || line[field] !== loggedId(id)) return undefined;
  const { level: _level, timestamp, message, ...rest } = line;
  // Their values are checked there, whatever they are by their types.
  const fields = withFields({}, rest as LogFields);
  const others = Object.entries({ ...rest, ...(isWord(message) ? {} : { message }) }).filter(
    ([name]) => !Object.hasOwn(fields, name),
  );
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return {
    at: Number.isNaN(at) ? storedAt : at,
    part,
    message: isWord(message) ? message : '(text)',
    fields,
    others: Object.fromEntries(others),
  };
}
