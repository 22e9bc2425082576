import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { isRecord, parseJson } from '../../../lambda/shared/json.ts';

/** An entry of PutEvents, as it comes over the wire: `Time` in seconds since the epoch. */
export interface BusEntry {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
  Detail?: string;
  Time?: number;
}

/** The id of the event in an entry. Nothing else of the event is reported. */
export function eventIdOf({ Detail = '' }: BusEntry): string {
  return String(Object(parseJson(Detail)).id ?? '');
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const maxEntries = 10;
const maxBytes = 1_048_576;
const timeBytes = 14;

/**
 * Creates the part of EventBridge that the stack uses: PutEvents. It refuses what EventBridge refuses, and delivers
 * nothing.
 *
 * @param published is told of every entry that was taken
 */
export function createEventBus(published: (entry: BusEntry) => void): Server {
  return createServer(async (request, response) => {
    const body = Object(await json(request).catch(() => undefined)) as { Entries?: BusEntry[] };
    const answer = (status: number, result: object) => {
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(result));
    };
    const target = request.headers['x-amz-target'];
    if (target !== 'AWSEvents.PutEvents') {
      return answer(400, { __type: 'UnknownOperationException', message: `${target} is not known here.` });
    }
    const entries = Array.isArray(body.Entries) ? body.Entries : [];
    const refused = refusal(entries);
    if (refused) return answer(400, { __type: 'ValidationException', message: refused });

    const Entries = entries.map((entry, index) => {
      const fault = faultOf(entry);
      if (fault) return fault;
      published(entry);
      return { EventId: `${Date.now()}-${index}` };
    });
    const FailedEntryCount = Entries.filter((entry) => 'ErrorCode' in entry).length;
    answer(200, { FailedEntryCount, Entries });
  });
}

/** Why the whole request is refused. */
function refusal(entries: readonly BusEntry[]): string | undefined {
  if (entries.length < 1 || entries.length > maxEntries) return `Entries must be 1 to ${maxEntries}.`;
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  return bytes < maxBytes ? undefined : 'Total size of the entries in the request is over the limit.';
}

function bytesOf({ Source = '', DetailType = '', Detail = '', Time }: BusEntry): number {
  return Buffer.byteLength(Source + DetailType + Detail) + (Time === undefined ? 0 : timeBytes);
}

/** Why one entry is refused, while others of the request are taken. */
function faultOf({
  Source,
  DetailType,
  Detail,
}: BusEntry): { ErrorCode: string; ErrorMessage: string } | undefined {
  const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value)?.[0];
  if (missing) {
    const ErrorMessage = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  if (Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const isObject = isRecord(parseJson(Detail ?? ''));
  return isObject ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}
