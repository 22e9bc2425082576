import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { readEnv } from '../shared/env.ts';
import type { Logger } from '../shared/log.ts';
import { type Archive, createArchive } from './archive.ts';
import { archiveEnv } from './env.ts';

/**
 * How long an answer may wait for the archive, in milliseconds: time for a first connection, and for another try
 * after a refusal. Less than the answer's own, because an archive that hangs makes every request last as long,
 * and the invocations at once are the account's.
 */
const withinMs = 1_500;

/** Archives by Amazon Data Firehose. A module of its own, which a receiver without an archive never loads. */
export function firehoseArchive(log: Logger): Archive {
  const { ARCHIVE_STREAM } = readEnv(archiveEnv);
  const firehose = new FirehoseClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true },
  });
  return createArchive({
    async put(record, abortSignal) {
      const Record = { Data: Buffer.from(record, 'ascii') };
      await firehose.send(new PutRecordCommand({ DeliveryStreamName: ARCHIVE_STREAM, Record }), {
        abortSignal,
      });
    },
    withinMs,
    now: Date.now,
    log,
  });
}
