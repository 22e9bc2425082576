import { isUtf8 } from 'node:buffer';
import { asciiJson, withoutMark } from '../shared/json.ts';

/** `base64`: bytes that SQS would refuse as a text. `brotli_base64`: a large body, compressed. */
export type Encoding = 'base64' | 'brotli_base64';

/** The bytes that were signed, in characters that a queue and the archive take. */
export interface QueuedText {
  body: string;
  encoding?: Encoding;
}

/** More than Lambda passes to a receiver (6 MB), so no receiver has compressed more. */
const maxUnpackedBytes = 10_485_760;

/**
 * Brotli's quality: with 9 chat text is a tenth smaller than with 5, and takes three times as long
 * (docs/decisions/0026).
 */
const quick = 5;
const thorough = 9;
const littleTooLarge = 1.25;

/** It is loaded with the first large event, and not by every cold start. */
const zlib = () => process.getBuiltinModule('node:zlib');

/**
 * The texts that SQS certainly takes. Its reference also allows characters beyond U+FFFF, such as emojis, but the error
 * with which it refuses a text does not name them, and not every emulator takes them.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const takenBySqs = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]+$/;

/**
 * Packs an event. Characters outside ASCII are escaped: SQS refuses some of them, such as a raw U+FFFF, and an event
 * whose send is refused would be lost after Zavu's last retry.
 *
 * @param signed a JSON text that was parsed without an error; a byte order mark before it is left out
 * @param maxBytes how many bytes the body may have
 * @returns undefined if it is too large, even compressed
 */
export function packEvent(signed: string, maxBytes: number): QueuedText | undefined {
  // An escaped byte order mark would make the text invalid JSON.
  const text = withoutMark(signed);
  // Escapes make it longer, never shorter.
  const body = text.length <= maxBytes ? asciiJson(text) : undefined;
  return body !== undefined && body.length <= maxBytes ? { body } : compressed(Buffer.from(text), maxBytes);
}

/**
 * Packs bytes that are no event, without a change: as text if they are text that SQS takes. Limits as in {@link
 * packEvent}.
 */
export function packBytes(bytes: Buffer, maxBytes: number): QueuedText | undefined {
  if (bytes.length > maxBytes) return compressed(bytes, maxBytes);
  const text = bytes.toString('utf8');
  if (isUtf8(bytes) && takenBySqs.test(text)) return { body: text };
  return packEncoded(bytes, maxBytes);
}

/** Packs any bytes as base64. */
export function packEncoded(bytes: Buffer, maxBytes: number): QueuedText | undefined {
  const body = bytes.toString('base64');
  // SQS takes no empty body. Compressed, no bytes are one byte.
  return body !== '' && body.length <= maxBytes ? { body, encoding: 'base64' } : compressed(bytes, maxBytes);
}

/**
 * Reads what was packed.
 *
 * @returns the text, with its characters escaped or not; undefined if the body is not what its encoding says, or this
 *   code does not know the encoding
 */
export function unpack(body: string, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return body;
  return unpackBytes(body, encoding)?.toString('utf8');
}

/** Reads the bytes of what was packed; otherwise as {@link unpack}. */
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
