import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { parseJson } from '../../../lambda/shared/json.ts';
import type { Assembly } from '../template/assembly.ts';
import { arn } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';

/**
 * A delivery stream of the template: the prefix of the bucket's objects, with keys that a jq query takes from a record.
 */
export interface DeliveryStream {
  prefix: string;
  query: string;
  /** Name of the group of its error log; undefined if it keeps none. */
  errorLog: string | undefined;
}

interface RequestBody {
  DeliveryStreamName?: string;
  Record?: { Data?: string };
  Records?: { Data?: string }[];
}

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const maxRecordBytes = 1_024_000;
const maxRecords = 500;

/**
 * Creates the part of Firehose that the stack uses: PutRecord and PutRecordBatch, with dynamic partitioning. It
 * runs the template's own query in jq, and writes an object per record at once. Firehose would wait for more records.
 *
 * @param streams by name
 * @param directory stands for the bucket
 * @param onError takes a line for the stream's error log, for each record that goes to the folder for errors
 */
export function createFirehose(
  streams: ReadonlyMap<string, DeliveryStream>,
  directory: string,
  onError: (stream: DeliveryStream, line: string) => void,
): Server {
  return createServer(async (request, response) => {
    const call = Object(await json(request).catch(() => undefined)) as RequestBody;
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    const action = String(request.headers['x-amz-target']);
    const single = action === 'Firehose_20150804.PutRecord';
    if (!single && action !== 'Firehose_20150804.PutRecordBatch') {
      return answer(400, { __type: 'UnknownOperationException', message: `${action} is not known here.` });
    }
    const { DeliveryStreamName: name = '' } = call;
    const stream = streams.get(name);
    if (!stream) return answer(400, { __type: 'ResourceNotFoundException', message: `No stream ${name}.` });
    const records = (single ? [call.Record] : (call.Records ?? [])).map((record) =>
      Buffer.from(record?.Data ?? '', 'base64'),
    );
    if (records.length > maxRecords || records.some(({ length }) => length > maxRecordBytes)) {
      return answer(400, { __type: 'ValidationException', message: 'Too many records, or one too large.' });
    }
    const RequestResponses = await Promise.all(
      records.map(async (record) => {
        const RecordId = randomUUID();
        const key = await folderOf(record.toString(), stream);
        if (key === errorsFolder) onError(stream, errorLine(name));
        const folder = join(directory, key);
        mkdirSync(folder, { recursive: true });
        const time = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
        writeFileSync(join(folder, `${name}-1-${time}-${RecordId}.gz`), gzipSync(record));
        return { RecordId };
      }),
    );
    answer(200, single ? (RequestResponses[0] ?? {}) : { FailedPutCount: 0, RequestResponses });
  });
}

/** The delivery streams of a template. */
export function deliveryStreams(assembly: Assembly, resolve: Resolve): [string, DeliveryStream][] {
  return Object.entries(assembly.resources)
    .filter(([, { Type }]) => Type === 'AWS::KinesisFirehose::DeliveryStream')
    .map(([id, { Properties }]) => {
      const destination = resolve(Properties.ExtendedS3DestinationConfiguration) as Destination;
      const query = destination.ProcessingConfiguration.Processors.flatMap(
        ({ Parameters }) => Parameters,
      ).find(({ ParameterName }) => ParameterName === 'MetadataExtractionQuery');
      if (!query) throw new Error(`The stream ${id} has no query for its partitions.`);
      const errorLog = destination.CloudWatchLoggingOptions?.LogGroupName;
      return [id, { prefix: destination.Prefix, query: query.ParameterValue, errorLog }];
    });
}

interface Destination {
  Prefix: string;
  CloudWatchLoggingOptions?: { LogGroupName?: string };
  ProcessingConfiguration: {
    Processors: { Parameters: { ParameterName: string; ParameterValue: string }[] }[];
  };
}

/** jq, compiled. Loaded for the first stream: a stack without an archive does without it. */
export async function loadJq() {
  return (await import('jq-web')).default;
}

/** The folder for records that have no partition. */
const errorsFolder = 'errors/metadata-extraction-failed/';

/**
 * What Firehose logs of such a record: nothing of its content.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
function errorLine(name: string): string {
  return JSON.stringify({
    deliveryStreamARN: arn('firehose', `deliverystream/${name}`),
    errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
    message: 'Metadata extraction failed because of a bad JSON or a query that does not fit.',
  });
}

/** The folder of a record; the one for errors if it has no keys, as in Firehose. */
async function folderOf(record: string, { prefix, query }: DeliveryStream): Promise<string> {
  const jq = await loadJq();
  let keys: Record<string, unknown>;
  try {
    keys = Object(jq.json(parseJson(record), query));
  } catch {
    return errorsFolder;
  }
  const folder = prefix.replace(/!\{partitionKeyFromQuery:(\w+)\}/g, (_, key: string) => String(keys[key]));
  // In a bucket a key is a name; here it is a path, which must not lead elsewhere.
  return folder.includes('../..') ? errorsFolder : folder;
}
