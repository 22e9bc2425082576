import { createService } from '../aws/service.ts';
import { readEnv } from '../shared/env.ts';
import type { Logger } from '../shared/log.ts';
import { type ArchiveEvent, createArchive } from './archive.ts';
import { archiveEnv } from './env.ts';

/**
 * How long an answer may wait for the archive, in milliseconds: enough for a first connection, and for another try
 * after a refusal. It is less than the time of the whole answer, because every request lasts as long as an archive that
 * hangs, and all functions of the account share its limit of invocations at once.
 */
const withinMs = 1_500;

/**
 * Archives by Amazon Data Firehose.
 *
 * @param domain the domain of AWS's endpoints in this partition
 */
export function firehoseArchive(domain: string, log: Logger): ArchiveEvent {
  const { ARCHIVE_STREAM } = readEnv(archiveEnv);
  const firehose = createService({
    name: 'firehose',
    target: 'Firehose_20150804',
    json: '1.1',
    domain,
    tryMs: 1000,
  });
  return createArchive({
    async put(record, deadline) {
      const Record = { Data: Buffer.from(record, 'ascii').toString('base64') };
      await firehose('PutRecord', { DeliveryStreamName: ARCHIVE_STREAM, Record }, deadline);
    },
    withinMs,
    now: Date.now,
    log,
  });
}
