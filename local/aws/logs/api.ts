import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { parseJson } from '../../../lambda/shared/json.ts';
import { errorMessage } from '../../error-message.ts';
import { parseFilterPattern } from '../cloudwatch/filter-pattern.ts';
import type { LogStore } from './log-store.ts';

const requestSchema = z.object({
  logGroupName: z.string(),
  filterPattern: z.string().optional(),
  startTime: z.number().default(Number.NEGATIVE_INFINITY),
  endTime: z.number().default(Number.POSITIVE_INFINITY),
  nextToken: z.coerce.number().default(-1),
  limit: z.number().min(1).max(10_000).default(10_000),
});

/**
 * Creates the part of the API of CloudWatch Logs that commands use: FilterLogEvents, over lines of JSON. A log group that
 * was never written to is empty here.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export function createLogsApi(store: Pick<LogStore, 'linesOf'>): Server {
  return createServer(async (request, response) => {
    const reply = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    try {
      const action = String(request.headers['x-amz-target']).split('.').at(-1);
      if (action !== 'FilterLogEvents') throw new Error(`${action} is not known here.`);
      reply(200, filterLogEvents(store, requestSchema.parse(await json(request))));
    } catch (error) {
      reply(400, { __type: 'InvalidParameterException', message: errorMessage(error) });
    }
  });
}

/** Its token is the number of the last line that was looked at. */
function filterLogEvents(
  store: Pick<LogStore, 'linesOf'>,
  { logGroupName, filterPattern, startTime, endTime, nextToken, limit }: z.infer<typeof requestSchema>,
): object {
  const matches = filterPattern ? parseFilterPattern(filterPattern) : () => true;
  const chosen = store
    .linesOf(logGroupName)
    .filter(
      ({ number, timestamp, text }) =>
        number > nextToken && timestamp >= startTime && timestamp <= endTime && matches(parseJson(text)),
    );
  const page = chosen.slice(0, limit);
  return {
    events: page.map(({ number, timestamp, text }) => ({
      eventId: String(number),
      timestamp,
      message: text,
    })),
    ...(page.length < chosen.length ? { nextToken: String(page.at(-1)?.number) } : {}),
  };
}
