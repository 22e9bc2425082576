import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { isOutcome, type LoggedOutcome } from '../../lambda/shared/outcomes.ts';

/** A log line of the receiver or of a worker about one event. */
export type OutcomeLine = Readonly<Record<string, unknown>> & { outcome: LoggedOutcome };

/** Reads a line that says what has become of an event; undefined if it says something else. */
export function parseOutcome(line: string): OutcomeLine | undefined {
  const parsed = parseJson(line);
  if (!isRecord(parsed) || !isOutcome(parsed.outcome)) return undefined;
  return { ...parsed, outcome: parsed.outcome };
}

/** Whether CloudWatch would read metrics out of a line. */
export function isMetrics(line: string): boolean {
  return line.startsWith('{"_aws":');
}
