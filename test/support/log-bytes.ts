import type { ReportLine } from '../../testing/report-line.ts';

/**
 * What CloudWatch counts of each line besides its text: https://aws.amazon.com/cloudwatch/pricing/ and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const lineOverhead = 26;

/** How many bytes CloudWatch takes for a line. */
export function bytesOf(line: string): number {
  return Buffer.byteLength(line) + lineOverhead;
}

/** The same for a line of the receiver or a worker, of which a report has all but its level and its message. */
export function bytesOfReport({ event, ...fields }: ReportLine, message: string): number {
  return bytesOf(JSON.stringify({ level: 'INFO', message, outcome: event, ...fields }));
}
