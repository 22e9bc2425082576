import type { Envelope } from '../envelope.ts';
import { errorFields, type Logger } from '../shared/log.ts';
import { maxRecordBytes, recordLine } from './record.ts';

/**
 * Puts an accepted event into the archive, within the signal's time. Never throws: an event that is durable in
 * its queue must not be refused because its archive is out of reach (docs/decisions/0016). A failure is logged
 * as `archive_failed`, which rings ArchiveIncomplete.
 *
 * @param text the JSON as signed
 */
export type Archive = (event: Envelope, text: string, signal: AbortSignal) => Promise<void>;

export interface ArchiveParts {
  /** Hands a record over. Returns once it is durable. */
  put(record: string, signal: AbortSignal): Promise<void>;
  /** How long one event may be tried, in milliseconds. */
  withinMs: number;
  now(): number;
  log: Logger;
}

/** Creates the archive's writing side. */
export function createArchive({ put, withinMs, now, log }: ArchiveParts): Archive {
  return async (event, text, signal) => {
    const { id, type } = event;
    try {
      const record = recordLine(event, text, now());
      if (record.length > maxRecordBytes) {
        return log.error('archive_failed', { id, type, reason: 'record_too_large' });
      }
      await put(record, AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    } catch (error) {
      log.error('archive_failed', { id, type, reason: 'unavailable', ...errorFields(error) });
    }
  };
}
