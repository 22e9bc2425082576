import fc from 'fast-check';
import { MalformedAnswer, readAnswer } from '../../../lambda/aws/http-answer.ts';
import { answers } from '../../support/http-answers.ts';

/** Reads bytes as they come in pieces, and gives the answer and how many bytes it took. */
function readInPieces(bytes: Buffer, pieces: readonly number[]) {
  const ends = [...pieces.map((piece) => piece % bytes.length), bytes.length].sort(
    (one, other) => one - other,
  );
  for (const end of ends) {
    const answer = readAnswer(bytes.subarray(0, end), false);
    if (answer) return { answer, end };
  }
  return { answer: readAnswer(bytes, true), end: bytes.length };
}

test('any answer is read, however it is cut, and not before it is whole', () => {
  fc.assert(
    fc.property(
      answers,
      fc.array(fc.nat(), { maxLength: 5 }),
      ({ bytes, status, body, endsWithConnection }, cuts) => {
        const { answer, end } = readInPieces(bytes, cuts);
        expect(answer).toEqual({ status, body, isKept: !endsWithConnection });
        expect(end).toBe(bytes.length);
      },
    ),
  );
});

test('of an answer that breaks off, nothing is read', () => {
  fc.assert(
    fc.property(answers, fc.nat(), ({ bytes, endsWithConnection }, cut) => {
      fc.pre(!endsWithConnection);
      expect(readAnswer(bytes.subarray(0, cut % bytes.length), true)).toBeUndefined();
    }),
  );
});

test('bytes of any kind give an answer, nothing, or that they are malformed', () => {
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const spoilt = fc
    .tuple(answers, fc.nat(), noise)
    .map(([{ bytes }, at, noise]) =>
      Buffer.concat([bytes.subarray(0, at % bytes.length), noise, bytes.subarray(at % bytes.length)]),
    );
  fc.assert(
    fc.property(fc.oneof(noise, spoilt), fc.boolean(), (bytes, isOver) => {
      try {
        readAnswer(bytes, isOver);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedAnswer);
      }
    }),
  );
});

const ok = 'HTTP/1.1 200 OK\r\n';

test.each([
  ['another protocol', 'HTTP/2 200\r\n\r\n'],
  ['no protocol', '<html>\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a status that there is not', 'HTTP/1.1 600 OK\r\n\r\n'],
  ['a length that is no number', `${ok}content-length: 0x2\r\n\r\n{}`],
  ['a negative length', `${ok}content-length: -2\r\n\r\n{}`],
  ['two lengths', `${ok}content-length: 2\r\ncontent-length: 20\r\n\r\n{}`],
  ['a length and chunks', `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
  ['a header without a colon', `${ok}content-length\r\n\r\n`],
  ['a header without a name', `${ok}: 2\r\n\r\n`],
  ['a blank before the colon', `${ok}content-length : 2\r\n\r\n{}`],
  ['a header that is continued', `${ok}x-other: 1\r\n content-length: 2\r\n\r\n{}`],
  ['a header that has another in it', `${ok}x-other: 1\ncontent-length: 2\r\n\r\n{}`],
  ['a header in the status', `HTTP/1.1 200 OK\ncontent-length: 2\r\n\r\n{}`],
  ['another encoding', `${ok}transfer-encoding: gzip, chunked\r\n\r\n`],
  ['a chunk without a length', `${ok}transfer-encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n`],
  ['a chunk whose length is no number', `${ok}transfer-encoding: chunked\r\n\r\n2 2\r\n{}\r\n0\r\n\r\n`],
  ['a chunk that is longer than it says', `${ok}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
])('malformed: %s', (_case, text) => {
  expect(() => readAnswer(Buffer.from(text), false)).toThrow(MalformedAnswer);
});

test('an answer does not fill the memory', () => {
  const head = Buffer.from(`${ok}content-length: 999999999\r\n\r\n`);
  expect(readAnswer(Buffer.concat([head, Buffer.alloc(1_000_000)]), false)).toBeUndefined();
  expect(() => readAnswer(Buffer.concat([head, Buffer.alloc(1_048_577)]), false)).toThrow(MalformedAnswer);
});

test.each([
  ['says so', `${ok}content-length: 2\r\nConnection: Close\r\n\r\n{}`],
  ['is older than HTTP/1.1', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}'],
  ['sends more than the answer', `${ok}content-length: 2\r\n\r\n{}HTTP/1.1 200 OK`],
])('a connection is not kept if the service %s', (_case, text) => {
  expect(readAnswer(Buffer.from(text), false)).toEqual({ status: 200, body: '{}', isKept: false });
});

test.each([204, 304])('%d has no body, whatever it says', (status) => {
  const answer = readAnswer(Buffer.from(`HTTP/1.1 ${status} \r\ncontent-length: 9\r\n\r\n`), false);
  expect(answer).toEqual({ status, body: '', isKept: true });
});
