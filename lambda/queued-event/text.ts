import { isUtf8 } from 'node:buffer';
import { asciiJson, withoutMark } from '../shared/json.ts';

/** `base64`: bytes that SQS takes for no text. `brotli_base64`: a large text, compressed. */
export type Encoding = 'base64' | 'brotli_base64';

/** What was signed, in characters that a queue and the archive take. */
export interface QueuedText {
  body: string;
  encoding?: Encoding;
}

/** More than Lambda hands to a receiver (6 MB): no receiver has compressed more. */
const maxUnpackedBytes = 10_485_760;

/** Brotli's quality: 9 makes chat text a tenth smaller than 5 does, in three times the time (docs/decisions/0026). */
const quick = 5;
const thorough = 9;
const littleTooLarge = 1.25;

/** Loaded with the first large event, not by every cold start. */
const zlib = () => process.getBuiltinModule('node:zlib');

/**
 * What SQS takes for certain. Its reference has characters beyond U+FFFF besides, such as emojis; the error with which it
 * refuses others does not, nor does each emulator.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const takenBySqs = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]+$/;

/**
 * Packs an event. What is not ASCII is escaped: SQS refuses some characters (a raw U+FFFF, say), and a refused send
 * would lose the event after Zavu's last retry.
 *
 * @param signed a JSON text, parsed once without error; a byte order mark before it is left out
 * @param maxBytes how many bytes the body may have
 * @returns undefined where it is too large, even compressed
 */
export function packEvent(signed: string, maxBytes: number): QueuedText | undefined {
  // Escaped, a mark would be characters that no JSON begins with.
  const text = withoutMark(signed);
  // Escapes only make it longer.
  const body = text.length <= maxBytes ? asciiJson(text) : undefined;
  return body !== undefined && body.length <= maxBytes ? { body } : compressed(Buffer.from(text), maxBytes);
}

/** Packs bytes that are no event, each of them: as text where they are one. Otherwise as {@link packEvent}. */
export function packBytes(bytes: Buffer, maxBytes: number): QueuedText | undefined {
  if (bytes.length > maxBytes) return compressed(bytes, maxBytes);
  const text = bytes.toString('utf8');
  if (isUtf8(bytes) && takenBySqs.test(text)) return { body: text };
  return packEncoded(bytes, maxBytes);
}

/** Packs any bytes in letters, digits and a few signs. */
export function packEncoded(bytes: Buffer, maxBytes: number): QueuedText | undefined {
  const body = bytes.toString('base64');
  // SQS takes no empty body; nothing, compressed, is a byte.
  return body !== '' && body.length <= maxBytes ? { body, encoding: 'base64' } : compressed(bytes, maxBytes);
}

/**
 * Reads what was packed.
 *
 * @returns the text, its characters escaped or not; undefined where the body is not what its encoding says, or the
 *   encoding is one that this code does not know
 */
export function unpack(body: string, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return body;
  return unpackBytes(body, encoding)?.toString('utf8');
}

/** The same, byte by byte. */
export function unpackBytes(body: string, encoding: string | undefined): Buffer | undefined {
  switch (encoding) {
    case undefined:
      return Buffer.from(body);
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'brotli_base64':
      try {
        return zlib().brotliDecompressSync(Buffer.from(body, 'base64'), {
          maxOutputLength: maxUnpackedBytes,
        });
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}

function compressed(bytes: Buffer, maxBytes: number): QueuedText | undefined {
  const first = brotli(bytes, quick);
  const isNear = first.length > maxBytes && first.length <= maxBytes * littleTooLarge;
  const body = isNear ? brotli(bytes, thorough) : first;
  return body.length <= maxBytes ? { body, encoding: 'brotli_base64' } : undefined;
}

function brotli(bytes: Buffer, quality: number): string {
  const { brotliCompressSync, constants } = zlib();
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).toString('base64');
}
