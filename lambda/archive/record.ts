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
  /** `unreadableType` where none could be read. */
  type: string;
  projectId?: string | undefined;
  /** What the secrets that signed an unreadable event are bound to, where none of them is free. */
  boundTo?: readonly Binding[] | undefined;
  /** How `event` holds what was signed; absent where it is the text, character by character. */
  encoding?: Encoding | undefined;
  event: string;
}

/** What is known of an event that is archived. */
export interface Archived
  extends Pick<Envelope, 'id' | 'type' | 'projectId'>,
    Pick<ArchiveRecord, 'boundTo'> {
  /** What its queue holds of it. What that compresses is not compressed again: an answer waits for it. */
  queued?: QueuedText | undefined;
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
 * @param signed what was signed
 * @param receivedAt in milliseconds since the epoch
 * @returns undefined where it is larger than a record may be, even compressed
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

/** Whether compressed bytes are those that were signed, each of them: a queue's lack what no text has, and a mark. */
function isWhole({ body, encoding }: QueuedText, signed: Buffer, maxBytes: number): boolean {
  if (encoding !== 'brotli_base64' || body.length > maxBytes) return false;
  return unpackBytes(body, encoding)?.equals(signed) ?? false;
}
