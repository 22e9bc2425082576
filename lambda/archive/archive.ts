import { errorFields, type Logger } from '../shared/log.ts';
import { type Archived, recordLine } from './record.ts';

/**
 * Puts an accepted event into the archive. Never throws: an event that is durable in its queue must not be refused
 * because the archive is unavailable (docs/decisions/0016). A failure is logged as `archive_failed`, for which the
 * alarm ArchiveIncomplete fires.
 *
 * @param signed what was signed
 * @param deadline when to give up, in milliseconds since the epoch
 */
export type ArchiveEvent = (event: Archived, signed: Buffer, deadline: number) => Promise<void>;

export interface ArchiveParts {
  /** Sends a record, and gives up at a deadline in milliseconds since the epoch. Returns when it is durable. */
  put(record: string, deadline: number): Promise<void>;
  /** How long one event may be tried, in milliseconds. */
  withinMs: number;
  now(): number;
  log: Logger;
}

/** Creates the archive's writing side. */
export function createArchive({ put, withinMs, now, log }: ArchiveParts): ArchiveEvent {
  return async (event, signed, deadline) => {
    const { id, type } = event;
    try {
      const record = recordLine(event, signed, now());
      if (record === undefined) return log.error('archive_failed', { id, type, reason: 'record_too_large' });
      await put(record, Math.min(deadline, now() + withinMs));
    } catch (error) {
      log.error('archive_failed', { id, type, reason: 'unavailable', ...errorFields(error) });
    }
  };
}
