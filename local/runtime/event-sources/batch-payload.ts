import type { SQSRecord } from 'aws-lambda';

/**
 * Lambda hands a function no more than 6 MB at once, in bytes of JSON: whatever the batch size, and less than the 10 MB
 * that an HTTP API takes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html BatchSize
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maxPayloadBytes = 6 * 1024 ** 2;

const emptyBytes = Buffer.byteLength(JSON.stringify({ Records: [] }));

/**
 * Splits what was received at once into batches whose JSON Lambda hands to a function. A record that is too large by
 * itself is a batch of its own: SQS's largest message, escaped in JSON, is not.
 *
 * @returns the same records in the same order
 */
export function splitByPayload(records: readonly SQSRecord[]): SQSRecord[][] {
  const batches: SQSRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    // And the comma.
    const more = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (bytes + more > maxPayloadBytes) {
      batches.push([]);
      bytes = emptyBytes;
    }
    batches.at(-1)?.push(record);
    bytes += more;
  }
  return batches;
}
