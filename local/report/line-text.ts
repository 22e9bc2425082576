import { parseJson } from '../../lambda/shared/json.ts';
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

/** A handler's own line, without what every line carries. */
export function summary(line: string): string {
  const parsed = parseJson(line);
  if (typeof parsed !== 'object' || parsed === null) return line;
  const common = ['level', 'timestamp', 'message', 'worker', 'id', 'type', 'attempt'];
  const fields = Object.entries(parsed).filter(([name]) => !common.includes(name));
  const message = 'message' in parsed ? String(parsed.message) : '';
  return [message, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(' ');
}
