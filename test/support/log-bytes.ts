import { readAssumptions } from '../../cli/cost/assumptions.ts';
import { defaults } from '../../lambda/handlers/defaults.ts';
import type { Handler } from '../../lambda/handlers/handler.ts';
import type { EventType } from '../../lambda/zavu/catalogue.ts';
import type { ReportLine } from '../../testing/report-line.ts';
import { linesOf } from '../lambda/handlers/default/lines-of.ts';

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

/** What the default handlers log about an event, on average: by the shares that the cost model assumes of the types. */
export async function bytesOfDefaultHandlers(): Promise<number> {
  const shares = Object.entries(readAssumptions().assumptions.shares);
  const bytes = await Promise.all(
    shares.map(async ([type, share]) => {
      const { worker, load } = defaults[type as EventType];
      const { handler } = (await load()) as { handler: Handler<EventType> };
      const lines = await linesOf(type as EventType, handler);
      // What the worker's logger adds to each line.
      const bound = { worker, attempt: 1, id: 'evt_1736850000000_abc123', type };
      return lines.map((line) => share * bytesOf(JSON.stringify({ ...line, ...bound })));
    }),
  );
  return bytes.flat().reduce((sum, each) => sum + each, 0);
}
