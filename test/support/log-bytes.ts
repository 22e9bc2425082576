import type { ReportLine } from '../../testing/report-line.ts';

/** What CloudWatch counts of each line besides its text: https://aws.amazon.com/cloudwatch/pricing/ */
const lineOverhead = 26;

/** How many bytes CloudWatch takes for a line. */
export function bytesOf(line: string): number {
  return line.length + lineOverhead;
}

/** The same for a line of the receiver or a worker, of which a report has all but its level and its message. */
export function bytesOfReport({ event, ...fields }: ReportLine, message: string): number {
  return bytesOf(JSON.stringify({ level: 'INFO', message, outcome: event, ...fields }));
}
