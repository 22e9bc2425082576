import type { ReportLine } from './report-line.ts';

/** As many as fit on a screen beside the error. */
const maxRows = 12;

const columns = ['timestamp', 'event', 'worker', 'attempt', 'status', 'reason', 'error'] as const;

/** What was reported of an event, for the message of a test that fails: the last of it, a line each. */
export function outcomes(reports: readonly ReportLine[]): string {
  const shown = reports.slice(-maxRows);
  const rows = shown.map((report) => columns.map((column) => String(report[column] ?? '')));
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' '));
  const earlier = reports.length - shown.length;
  return [
    `${reports.length} reports${earlier > 0 ? `, of which these are the last ${maxRows}` : ''}`,
    ...lines.map((line) => `  ${line.trimEnd()}`),
  ].join('\n');
}

/** The end of what a process printed. */
export function tailOf(printed: string, lines = 10): string {
  const all = printed.trimEnd().split('\n');
  return all
    .slice(-lines)
    .map((line) => line.slice(0, 200))
    .join('\n');
}
