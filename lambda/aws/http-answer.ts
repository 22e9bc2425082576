/** An answer of HTTP/1.1. */
export interface HttpAnswer {
  status: number;
  body: string;
  /** Whether its connection may carry another request. */
  isKept: boolean;
}

/** What has come is no answer of HTTP/1.1. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** What an answer says of its body. */
interface Head {
  status: number;
  /** Bytes; `chunks` if the body is cut into chunks that have lengths; undefined if it ends with its connection. */
  length: number | 'chunks' | undefined;
  isKept: boolean;
}

/** The bytes of a body, and where they end among all that came. */
interface Body {
  bytes: Buffer;
  end: number;
}

/** A name, a colon, and a value on one line. */
const headerField = /^[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*$/;

/** The longest answer, in bytes. The receiver's longest is a secret, which has 64 KiB. */
const maxBytes = 1_048_576;

/**
 * Reads the answer to a POST.
 *
 * @param received all that has come since the request
 * @param isOver whether that is all: the service has closed the connection
 * @returns undefined if more must come; if that is all, the answer breaks off
 * @throws MalformedAnswer
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export function readAnswer(received: Buffer, isOver: boolean): HttpAnswer | undefined {
  if (received.length > maxBytes) throw new MalformedAnswer('The answer is too long.');
  let start = 0;
  for (;;) {
    const end = received.indexOf('\r\n\r\n', start);
    if (end < 0) return undefined;
    const head = readHead(received.toString('latin1', start, end));
    start = end + 4;
    // Before its answer, a service may say that it works on it.
    if (head.status < 200) continue;
    const body = readBody(head, received, start, isOver);
    if (!body) return undefined;
    return {
      status: head.status,
      body: body.bytes.toString(),
      // What follows an answer is no answer to a later request.
      isKept: head.isKept && !isOver && body.end === received.length,
    };
  }
}

/** Reads a status line, and the headers that say where the body ends and whether the connection stays open. */
function readHead(text: string): Head {
  const [first = '', ...fields] = text.split('\r\n');
  const [, minor, status] = /^HTTP\/1\.(\d) ([1-5]\d\d)(?: [^\r\n]*)?$/.exec(first) ?? [];
  if (!status) throw new MalformedAnswer('An answer does not begin with the status line of HTTP/1.1.');
  const lengths: Head['length'][] = [];
  let isKept = minor === '1';
  for (const field of fields) {
    if (!headerField.test(field)) throw new MalformedAnswer('An answer has a header that is none.');
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    if (name === 'content-length') lengths.push(lengthOf(value));
    else if (name === 'transfer-encoding') lengths.push(chunksOf(value));
    else if (name === 'connection' && value.toLowerCase() !== 'keep-alive') isKept = false;
  }
  if (lengths.length > 1) throw new MalformedAnswer('An answer says twice how long it is.');
  return { status: Number(status), length: lengths[0], isKept };
}

function lengthOf(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new MalformedAnswer('The length of an answer is no number.');
  return Number(value);
}

function chunksOf(value: string): 'chunks' {
  if (value.toLowerCase() !== 'chunked')
    throw new MalformedAnswer('An answer has an encoding that nobody asked for.');
  return 'chunks';
}

/** @returns undefined if more must come */
function readBody(
  { status, length }: Head,
  received: Buffer,
  start: number,
  isOver: boolean,
): Body | undefined {
  if (status === 204 || status === 304) return { bytes: Buffer.of(), end: start };
  if (length === 'chunks') return readChunks(received, start);
  if (length === undefined && !isOver) return undefined;
  const end = length === undefined ? received.length : start + length;
  return end > received.length ? undefined : { bytes: received.subarray(start, end), end };
}

/** @returns undefined if more must come */
function readChunks(received: Buffer, start: number): Body | undefined {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const endOfLine = received.indexOf('\r\n', at);
    if (endOfLine < 0) return undefined;
    const size = sizeOf(received.toString('latin1', at, endOfLine));
    if (size === 0) {
      // Further headers may follow, and then an empty line.
      const end = received.indexOf('\r\n\r\n', endOfLine);
      return end < 0 ? undefined : { bytes: Buffer.concat(chunks), end: end + 4 };
    }
    const end = endOfLine + 2 + size;
    at = end + 2;
    if (at > received.length) return undefined;
    if (received.toString('latin1', end, at) !== '\r\n')
      throw new MalformedAnswer('A chunk is longer than it says.');
    chunks.push(received.subarray(endOfLine + 2, end));
  }
}

/** The size of a chunk, by the line before it. */
function sizeOf(line: string): number {
  const digits = /^([\da-f]{1,8})(?:;|$)/i.exec(line)?.[1];
  if (!digits) throw new MalformedAnswer('The length of a chunk is no number.');
  return Number.parseInt(digits, 16);
}
