import type { Envelope } from '../envelope.ts';
import { asciiJson } from '../shared/json.ts';

/** What the archive holds of an event. */
export interface ArchiveRecord {
  /** When the receiver accepted it, ISO 8601 in UTC. */
  receivedAt: string;
  id: string;
  type: string;
  projectId?: string | undefined;
  /** The JSON as signed, character by character: `messageBody(event)` is its queue message. */
  event: string;
}

/**
 * The largest record that Firehose takes, in bytes before base64: 1,000 KiB.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html
 */
export const maxRecordBytes = 1_024_000;

/**
 * An event as a line of the archive: JSON in ASCII, ending in a newline.
 *
 * In ASCII, so that no reader on its way (Firehose's jq, Athena, a shell) can split the line at a character
 * that it takes for a line's end, or refuse one: it is as long as its bytes.
 *
 * @param text the JSON as signed
 * @param receivedAt in milliseconds since the epoch
 */
export function recordLine({ id, type, projectId }: Envelope, text: string, receivedAt: number): string {
  const record: ArchiveRecord = {
    receivedAt: new Date(receivedAt).toISOString(),
    id,
    type,
    ...(projectId ? { projectId } : {}),
    event: text,
  };
  return `${asciiJson(JSON.stringify(record))}\n`;
}
