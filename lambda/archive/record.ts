import { isUtf8 } from 'node:buffer';
import { type Encoding, packEncoded, type QueuedText, unpackBytes } from '../queued-event/text.ts';
import { asciiJson } from '../shared/json.ts';
import type { Binding } from '../zavu/binding.ts';
import type { Envelope } from '../zavu/envelope.ts';

/** What the archive holds of an event. */
export interface ArchiveRecord {
  /** When the receiver accepted it, ISO 8601 in UTC. */
  receivedAt: string;
  id: string;
  /** `unreadableType` if none could be read. */
  type: string;
  projectId?: string | undefined;
  /** What the secrets that signed an unreadable event are bound to; absent if one of them is not bound. */
  boundTo?: readonly Binding[] | undefined;
  /** How `event` holds what was signed; absent if it is the text itself. */
  encoding?: Encoding | undefined;
  event: string;
}

/** What is known of an event that is archived. */
export interface Archived
  extends Pick<Envelope, 'id' | 'type' | 'projectId'>,
    Pick<ArchiveRecord, 'boundTo'> {
  /** The body that its queue gets. If that is compressed it is used again, because the answer waits for compression. */
  queued?: QueuedText | undefined;
}

/**
 * The largest record that Firehose takes, in bytes before base64: 1,000 KiB.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_Record.html
 */
export const maxRecordBytes = 1_024_000;

/**
 * An event as a line of the archive: JSON in ASCII, which ends in a newline.
 *
 * It is ASCII so that no later reader (Firehose's jq, Athena, a shell) can take a character for the end of the line, or
 * refuse one. Its length in characters is its length in bytes, too.
 *
 * @param signed what was signed
 * @param receivedAt in milliseconds since the epoch
 * @returns undefined if it is larger than a record may be, even compressed
 */
export function recordLine(event: Archived, signed: Buffer, receivedAt: number): string | undefined {
  const { id, type, projectId, boundTo = [], queued } = event;
  const lineOf = (body: string, encoding?: Encoding): string => {
    const record: ArchiveRecord = {
      receivedAt: new Date(receivedAt).toISOString(),
      id,
      type,
      ...(projectId ? { projectId } : {}),
      ...(boundTo.length > 0 ? { boundTo } : {}),
      ...(encoding ? { encoding } : {}),
      event: body,
    };
    return `${asciiJson(JSON.stringify(record))}\n`;
  };
  const isShortText = signed.length <= maxRecordBytes && isUtf8(signed);
  const line = isShortText ? lineOf(signed.toString('utf8')) : undefined;
  if (line !== undefined && line.length <= maxRecordBytes) return line;
  const maxBytes = maxRecordBytes - lineOf('', 'brotli_base64').length;
  const packed = queued && isWhole(queued, signed, maxBytes) ? queued : packEncoded(signed, maxBytes);
  return packed && lineOf(packed.body, packed.encoding);
}

/**
 * Whether a compressed body holds exactly the bytes that were signed. A queue's body may lack a byte order mark, or
 * bytes that are no text.
 */
function isWhole({ body, encoding }: QueuedText, signed: Buffer, maxBytes: number): boolean {
  if (encoding !== 'brotli_base64' || body.length > maxBytes) return false;
  return unpackBytes(body, encoding)?.equals(signed) ?? false;
}
