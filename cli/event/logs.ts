import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { outputNames } from '../../lib/outputs.ts';
import type { Deployment } from '../shared/deployment.ts';
import { deployFirst, workersOf } from '../shared/routes.ts';
import type { Inquiry } from './inquiry.ts';
import { type LogLine, parseLogLine } from './log-line.ts';
import { filterPattern, type SearchedField } from './log-pattern.ts';

/** A time in which logs are searched, in milliseconds since the epoch. */
interface Span {
  from: number;
  /** The first moment after it; undefined for no end. */
  to: number | undefined;
}

/** How far back logs are searched if nobody says it. CloudWatch reads all lines of that time. */
export const defaultSpanMs = 7 * 86_400_000;

/** More lines of one group are not read. */
const maxLines = 2_000;

/**
 * The lines that name an id, of the receiver and of all workers. A log group that cannot be read is noted in the inquiry.
 *
 * @param parts whose logs to read
 */
export async function readLogs(
  deployment: Deployment,
  parts: readonly string[],
  field: SearchedField,
  id: string,
  span: Span,
  inquiry: Inquiry,
): Promise<LogLine[]> {
  const client = new CloudWatchLogsClient(deployment.client('logs'));
  try {
    const groups = parts.map((part) =>
      inquiry.ask(`log of ${part}`, () => readGroup(client, deployment, part, field, id, span)),
    );
    const found = await Promise.all(groups);
    for (const [index, lines = []] of found.entries()) {
      if (lines.length >= maxLines)
        inquiry.notAsked.push({
          source: `the rest of the log of ${parts[index]}`,
          why: `It has ${maxLines} lines or more about this id: --from and --to choose others.`,
        });
    }
    return found.flatMap((lines) => lines ?? []);
  } finally {
    client.destroy();
  }
}

/** The parts that log: the receiver, and each worker. */
export async function loggingParts(deployment: Deployment, inquiry: Inquiry): Promise<string[]> {
  const workers = await inquiry.ask('logs of workers', async () => workersOf(deployment));
  return [receiver, ...(workers ?? [])];
}

/** What the receiver is called among the parts. No worker is called so: its name is in lower case. */
export const receiver = 'Receiver';

async function readGroup(
  client: CloudWatchLogsClient,
  { name, outputs }: Deployment,
  part: string,
  field: SearchedField,
  id: string,
  { from, to }: Span,
): Promise<LogLine[]> {
  const output = part === receiver ? outputNames.receiverLogGroupName : outputNames.workerLogGroupName(part);
  const logGroupName = outputs[output];
  if (!logGroupName) throw new Error(`${name} has no output ${output}. ${deployFirst}`);
  const request = {
    logGroupName,
    filterPattern: filterPattern(field, id),
    startTime: from,
    ...(to === undefined ? {} : { endTime: to - 1 }),
  };
  const lines: LogLine[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, request)) {
    for (const { message = '', timestamp = 0 } of events)
      lines.push(...[parseLogLine(message, part, timestamp, field, id)].filter((line) => line !== undefined));
    if (lines.length >= maxLines) break;
  }
  return lines;
}
