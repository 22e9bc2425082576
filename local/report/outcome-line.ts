import { parseJson } from '../../lambda/shared/json.ts';

/** What the receiver and the workers say has become of an event: their log lines have one of these as `outcome`. */
export const outcomes = [
  'queued',
  'unrouted',
  'rejected',
  'unavailable',
  'handled',
  'duplicate',
  'retried',
  'dead_lettered',
] as const;

type OutcomeName = (typeof outcomes)[number];

/** A log line of the receiver or of a worker about one event. */
export type OutcomeLine = Readonly<Record<string, unknown>> & { outcome: OutcomeName };

/** Reads a line that says what has become of an event; undefined if it says something else. */
export function parseOutcome(line: string): OutcomeLine | undefined {
  const parsed = parseJson(line);
  if (typeof parsed !== 'object' || parsed === null || !('outcome' in parsed)) return undefined;
  const outcome = outcomes.find((known) => known === parsed.outcome);
  return outcome && { ...parsed, outcome };
}

/** Whether CloudWatch would read metrics out of a line. */
export function isMetrics(line: string): boolean {
  return line.startsWith('{"_aws":');
}
