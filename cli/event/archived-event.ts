import { unpack } from '../../lambda/queued-event/text.ts';
import { readEnvelope } from '../../lambda/zavu/envelope.ts';
import { openArchive } from '../replay/archive-objects.ts';
import { readRecords } from '../replay/records.ts';
import { isSelected, selectFolders } from '../replay/selection.ts';
import type { Deployment } from '../shared/deployment.ts';

/** Where the archive has an event, and what is in it. */
export interface ArchivedEvent {
  key: string;
  /** ISO 8601 in UTC. */
  receivedAt: string;
  type: string;
  projectId?: string;
  senderId?: string;
  /** The message that the event is about. */
  messageId?: string;
  /** What was signed, with texts and phone numbers. */
  text: string;
}

/**
 * Searches the archive for an event, and stops at the first record of it.
 *
 * @param types partitions to search; an empty list means all
 * @throws Error if there is no archive, or if it cannot be read
 */
export async function findArchived(
  deployment: Deployment,
  id: string,
  { from, to, types }: { from: number; to: number; types: readonly string[] },
): Promise<ArchivedEvent | undefined> {
  const archive = openArchive(deployment);
  const selection = { from, to, types: [], ids: [id] };
  for await (const { keys } of selectFolders(archive, { ...selection, types })) {
    for (const key of keys) {
      for await (const record of readRecords(archive, key)) {
        if (!record) continue;
        const text = unpack(record.event, record.encoding);
        const event =
          text === undefined ? undefined : readEnvelope(text, Date.parse(record.receivedAt))?.event;
        if (!isSelected(record, selection, event)) continue;
        const { projectId = record.projectId, senderId, data } = event ?? {};
        const messageId = data?.messageId;
        return {
          key,
          receivedAt: record.receivedAt,
          type: event?.type ?? record.type,
          ...(projectId === undefined ? {} : { projectId }),
          ...(senderId === undefined ? {} : { senderId }),
          ...(typeof messageId === 'string' ? { messageId } : {}),
          text: text ?? record.event,
        };
      }
    }
  }
  return undefined;
}
