import fc from 'fast-check';

/** An answer of HTTP/1.1 as bytes, and what a client must make of it. */
export interface DrawnAnswer {
  bytes: Buffer;
  status: number;
  body: string;
  /** Whether only the end of the connection ends it. */
  endsWithConnection: boolean;
}

const status = fc.constantFrom(200, 201, 400, 403, 429, 500, 503);
/** The names in any spelling, and blanks as they are allowed. */
const spelling = fc.constantFrom(
  (name: string, value: string) => `${name}: ${value}\r\n`,
  (name: string, value: string) => `${name.toLowerCase()}:${value}\r\n`,
  (name: string, value: string) => `${name.toUpperCase()}:\t ${value} \r\n`,
);
const others = fc.constantFrom(
  '',
  'x-amzn-RequestId: 8d2a\r\nDate: Sat, 28 Nov 2026 12:00:00 GMT\r\n',
  'x-empty:\r\n',
);
const interim = fc.constantFrom(
  '',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
);
const extension = fc.constantFrom('', ';a=b', ';a="b"');
const trailer = fc.constantFrom('', 'x-checksum: 1\r\n');

/** Answers with a length, in chunks, and until the connection ends, with any text in them. */
export const answers: fc.Arbitrary<DrawnAnswer> = fc
  .record({
    status,
    spelling,
    others,
    interim,
    extension,
    trailer,
    pieces: fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 5 }),
    frame: fc.constantFrom('length', 'chunks', 'connection'),
  })
  .map(({ status, spelling, others, interim, extension, trailer, pieces, frame }) => {
    const body = pieces.join('');
    const begin = (header: string) => `${interim}HTTP/1.1 ${status} Reason\r\n${others}${header}\r\n`;
    const answer = { status, body, endsWithConnection: frame === 'connection' };
    if (frame === 'connection') return { ...answer, bytes: Buffer.from(`${begin('')}${body}`) };
    if (frame === 'length') {
      const length = spelling('Content-Length', String(Buffer.byteLength(body)));
      return { ...answer, bytes: Buffer.from(`${begin(length)}${body}`) };
    }
    const chunks = pieces
      .filter((piece) => piece !== '')
      .map((piece) => `${Buffer.byteLength(piece).toString(16)}${extension}\r\n${piece}\r\n`);
    const head = begin(spelling('Transfer-Encoding', 'chunked'));
    return { ...answer, bytes: Buffer.from(`${head}${chunks.join('')}0\r\n${trailer}\r\n`) };
  });
