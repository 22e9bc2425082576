import { gzipSync } from 'node:zlib';
import {
  expectHandled,
  expectRefused,
  expectUnreadable,
  expectUnrouted,
} from '../../../test/conformance/expectations.ts';
import { post, signed } from '../../../test/conformance/harness.ts';
import { inbound, unhandled } from '../test-events.ts';

describe('request body', () => {
  // API Gateway hands over every type but text, JSON, XML and JavaScript in base64.
  test.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/vnd.zavu+json',
    null,
  ])('with Content-Type %s: it is read as JSON in UTF-8', async (contentType) => {
    const event = inbound('¿Cómo estás? 👋');
    await expectHandled(await post(event, { contentType }), event);
  });

  test.each(['application/json', null])(
    'that begins with a byte order mark, with Content-Type %s: it is read without the mark',
    async (contentType) => {
      for (const event of [inbound(), { ...inbound(), id: undefined }]) {
        const body = JSON.stringify(event);
        await expectHandled(await post(`\ufeff${body}`, { contentType }), event, body);
      }
    },
  );

  test('with CRLF between its lines: it is kept as it was signed', async () => {
    const event = unhandled();
    const body = `${JSON.stringify(event, null, 2).replaceAll('\n', '\r\n')}\r\n`;
    await expectUnrouted(await post(body), event.id, body);
  });

  test('that was signed and then compressed with gzip: it is refused, because bytes are verified as received', async () => {
    const event = inbound();
    const answer = await post(gzipSync(JSON.stringify(event)), {
      signature: signed(event),
      headers: { 'content-encoding': 'gzip' },
    });
    expectRefused(answer, 401, 'invalid_signature', event.id);
  });

  test('that was compressed with gzip and then signed: it is unrouted as unreadable, and each byte is kept', async () => {
    const body = gzipSync(JSON.stringify(inbound()));
    const answer = await post(body, {
      contentType: 'application/gzip',
      headers: { 'content-encoding': 'gzip' },
    });
    await expectUnreadable(answer, body);
  });

  test('with bytes that are no UTF-8: it is handled, with U+FFFD in their place', async () => {
    const event = inbound('a?b');
    const body = Buffer.from(JSON.stringify(event));
    body[body.indexOf('a?b') + 1] = 0xff;
    const read = { ...event, data: { text: 'a\ufffdb' } };
    await expectHandled(await post(body, { contentType: null }), read);
  });

  test.each([
    ['an emoji', '👋🏽'],
    ['half an emoji', 'broken \ud83d here'],
    ['a raw U+FFFF', 'odd \uffff end'],
    ['control characters', 'a\u0000b\u001bc\u007f'],
    ['line separators', 'a\u2028b\u2029c'],
    ['characters that XML escapes', '<![CDATA[ & ]]> &amp; "\''],
  ])('with %s in a text: the handler gets the text unchanged', async (_case, text) => {
    const event = inbound(text);
    await expectHandled(await post(event), event);
  });

  test('that is sent slowly, in eight pieces: it is handled', async () => {
    const event = inbound('x'.repeat(1_000));
    await expectHandled(await post(event, { pieces: 8 }), event);
  });
});
