import fc from 'fast-check';
import { maxEventBytes } from '../../../lambda/queued-event/size.ts';
import { packBytes, packEncoded, packEvent, unpack, unpackBytes } from '../../../lambda/queued-event/text.ts';
import { noise } from '../../../testing/conformance/noise.ts';

/** What SQS takes of a body: XML 1.0's characters, and one at the least. */
const taken = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u;
const maxBytes = 200;
/** Of sizes below and beyond what fits, of texts that compress and of such that do not. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .tuple(fc.string({ unit: 'binary', maxLength: 10 }), fc.nat(100))
    .map(([piece, times]) => piece.repeat(times)),
);

test('an event comes back as it was, in ASCII that SQS takes and no more of it than may be', () => {
  fc.assert(
    fc.property(texts, (value) => {
      const text = JSON.stringify({ value });
      const packed = packEvent(text, maxBytes);
      if (!packed) return expect(text.length).toBeGreaterThan(maxBytes / 2);
      expect(packed.body).toMatch(/^[\x20-\x7e]+$/);
      expect(packed.body.length).toBeLessThanOrEqual(maxBytes);
      expect(JSON.parse(unpack(packed.body, packed.encoding) ?? '')).toEqual({ value });
    }),
    { numRuns: 5_000 },
  );
});

test.each([maxBytes, 20_000])('a byte order mark is no part of an event, one of %i characters', (length) => {
  const text = JSON.stringify({ text: 'x'.repeat(length) });
  for (const each of [text, `\ufeff${text}`]) {
    const packed = packEvent(each, maxBytes);
    expect(unpack(packed?.body ?? '', packed?.encoding)).toBe(text);
  }
});

test('bytes come back each as it was, whatever they are', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    texts.map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.constantFrom(packBytes, packEncoded), (signed, pack) => {
      const packed = pack(signed, maxBytes);
      if (!packed) return expect(signed.length).toBeGreaterThan(maxBytes / 2);
      expect(packed.body).toMatch(taken);
      expect(Buffer.byteLength(packed.body)).toBeLessThanOrEqual(maxBytes);
      expect(unpackBytes(packed.body, packed.encoding)?.equals(signed)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test.each<[string, Buffer, string | undefined]>([
  ['text', Buffer.from('Zavu is down for maintenance. ñ'), undefined],
  ['text that SQS refuses', Buffer.from('\u0000'), 'base64'],
  // SQS's reference takes it, and the error with which it refuses others does not say so.
  ['text that SQS may refuse', Buffer.from('Zavu is back 👋'), 'base64'],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe]), 'base64'],
  ['a byte order mark', Buffer.from('\ufeff{}'), undefined],
  // Its base64 would be empty, too.
  ['nothing', Buffer.alloc(0), 'brotli_base64'],
  ['more than fits', Buffer.alloc(10_000, 'a'), 'brotli_base64'],
])('%s', (_case, bytes, encoding) => {
  expect(packBytes(bytes, maxBytes)?.encoding).toBe(encoding);
});

test.each([
  ['an encoding of another version', 'e30=', 'zstd_base64'],
  ['no base64 of Brotli', '{}', 'brotli_base64'],
  [
    'Brotli that is cut',
    packEvent(JSON.stringify({ text: 'x'.repeat(9_000) }), maxBytes)?.body.slice(0, -8) ?? '',
    'brotli_base64',
  ],
])('%s cannot be read', (_case, body, encoding) => {
  expect(unpack(body, encoding)).toBeUndefined();
});

describe('large events', () => {
  const words = ['hola', 'pedido', '¿dónde', 'gracias', 'ok', 'sí', 'mañana', 'llega', 'mi', 'el'];
  const chat = (bytes: number) => {
    const contacts: string[] = [];
    for (let size = 0; size < bytes; ) {
      const text = Array.from(noise(contacts.length, 40), (byte) => words[byte % words.length]).join(' ');
      contacts.push(text);
      size += Buffer.byteLength(text) + 3;
    }
    return JSON.stringify({ id: 'evt_1', type: 'message.inbound', data: { texts: contacts } });
  };

  test('4 MB of chat text fit', () => {
    const text = chat(4_000_000);
    const packed = packEvent(text, maxEventBytes);
    expect(packed?.encoding).toBe('brotli_base64');
    expect(unpack(packed?.body ?? '', packed?.encoding)).toBe(text);
  });

  test('6 MB of random base64 do not', () => {
    expect(
      packEvent(JSON.stringify({ text: noise(1, 4_500_000).toString('base64') }), maxEventBytes),
    ).toBeUndefined();
  });

  test('what quick compression misses by little, a thorough one makes fit', () => {
    const text = chat(100_000);
    const quick = packEvent(text, 99_000)?.body.length ?? 0;
    const packed = packEvent(text, Math.floor(quick * 0.95));
    expect(packed?.encoding).toBe('brotli_base64');
    expect(unpack(packed?.body ?? '', packed?.encoding)).toBe(text);
  });
});
