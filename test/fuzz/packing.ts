import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** What a queue message says of how its body holds what was signed. */
interface Packed {
  body: string;
  encoding: string | undefined;
}

/** What was signed, read out of a queue message. */
export function unpacked({ body, encoding }: Packed): Buffer {
  if (encoding === undefined) return Buffer.from(body);
  const bytes = Buffer.from(body, 'base64');
  return encoding === 'brotli_base64' ? brotliDecompressSync(bytes) : bytes;
}

/**
 * How what was signed must lie in its queue: as text where that is small enough, else compressed; undefined where it is
 * too large even so (docs/decisions/0026).
 *
 * @param isEvent whether its type was read: bytes that are none are kept to the last of them
 */
export function encodingOf(
  signed: Buffer,
  isEvent: boolean,
  maxBytes: number,
): { encoding: 'base64' | 'brotli_base64' | undefined } | undefined {
  const text = isEvent ? signed.toString().replace(/^\ufeff/, '') : '';
  const escaped = text.replaceAll(/[^\0-~]/g, '123456').length;
  if (isEvent ? escaped <= maxBytes : signed.length <= maxBytes && isSentAsText(signed))
    return { encoding: undefined };
  if (!isEvent && signed.length > 0 && Math.ceil(signed.length / 3) * 4 <= maxBytes)
    return { encoding: 'base64' };
  const bytes = isEvent ? Buffer.from(text) : signed;
  const quickBytes = compressedSize(bytes, 5);
  const isMissedByLittle = quickBytes <= maxBytes * 1.25;
  if (quickBytes <= maxBytes || (isMissedByLittle && compressedSize(bytes, 9) <= maxBytes))
    return { encoding: 'brotli_base64' };
  return undefined;
}

/** Whether SQS hands these bytes over as it took them: XML's characters up to U+FFFD, in UTF-8. */
function isSentAsText(bytes: Buffer): boolean {
  const points = [...bytes.toString()].map((character) => character.codePointAt(0) ?? 0);
  const isTaken = (point: number) => [9, 10, 13].includes(point) || (point >= 0x20 && point < 0xfffe);
  return (
    points.length > 0 && points.every(isTaken) && Buffer.compare(Buffer.from(bytes.toString()), bytes) === 0
  );
}

function compressedSize(bytes: Buffer, quality: number): number {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return Math.ceil(brotliCompressSync(bytes, { params }).length / 3) * 4;
}
