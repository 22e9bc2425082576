import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import type { OutcomeLine } from './outcome-line.ts';

/** How an outcome came about, in a few words. */
export function detailOf({
  scheme,
  status,
  reason,
  detail,
  attempt,
  retryInSeconds,
  error,
  ms,
}: OutcomeLine): string {
  const details = [
    status === undefined && scheme !== undefined ? `signed ${scheme}` : status,
    reason,
    detail,
    error,
    attempt === undefined || attempt === 1 ? undefined : `attempt ${attempt}`,
    retryInSeconds === undefined ? undefined : `again in ${retryInSeconds} s`,
    ms === undefined ? undefined : `${ms} ms`,
  ];
  return details.filter(Boolean).join(', ');
}

/** What Lambda's runtime makes of what is printed by `console` in the JSON format: these fields, and no others. */
const printed = ['timestamp', 'level', 'requestId', 'message', 'errorType', 'errorMessage', 'stackTrace'];

/** A function's own line, without what every line carries. What was printed by `console` may have several rows. */
export function summary(line: string): string[] {
  const parsed = parseJson(line);
  if (!isRecord(parsed)) return [line];
  if ('timestamp' in parsed && Object.keys(parsed).every((name) => printed.includes(name)))
    return rowsOf(parsed.message);
  const common = ['level', 'timestamp', 'message', 'worker', 'id', 'type', 'attempt'];
  const fields = Object.entries(parsed).filter(([name]) => !common.includes(name));
  const message = 'message' in parsed ? String(parsed.message) : '';
  return [[message, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(' ')];
}

/** What was printed, as a person reads it: of an error, its stack and its own fields. */
function rowsOf(message: unknown): string[] {
  if (typeof message === 'string') return message.split(/\r\n|\r|\n/);
  if (!isRecord(message) || !Array.isArray(message.stackTrace))
    return [JSON.stringify(message) ?? 'undefined'];
  const { errorType: _type, errorMessage: _message, stackTrace, ...own } = message;
  return [...stackTrace.map(String), ...(Object.keys(own).length > 0 ? [JSON.stringify(own)] : [])];
}
