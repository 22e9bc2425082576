import { gzipSync } from 'node:zlib';
import { behaviours } from '../behaviour.ts';
import { inbound, unhandled } from '../test-events.ts';

/** Texts that something on the way might change. */
const oddTexts: readonly [string, string][] = [
  ['an emoji', '👋🏽'],
  ['half an emoji', 'broken \ud83d here'],
  ['a raw U+FFFF', 'odd \uffff end'],
  ['control characters', 'a\u0000b\u001bc\u007f'],
  ['line separators', 'a\u2028b\u2029c'],
  ['characters that XML escapes', '<![CDATA[ & ]]> &amp; "\''],
];

export const bodyBehaviours = behaviours('request body', (behaviour) => {
  // API Gateway hands over every type but text, JSON, XML and JavaScript in base64.
  for (const contentType of [
    'application/json; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'application/vnd.zavu+json',
    null,
  ]) {
    behaviour(`with Content-Type ${contentType}: it is read as JSON in UTF-8`, async (judge) => {
      const event = inbound('¿Cómo estás? 👋');
      await judge.handled(await judge.post(event, { contentType }), event);
    });
  }

  for (const contentType of ['application/json', null]) {
    behaviour(
      `that begins with a byte order mark, with Content-Type ${contentType}: it is read without the mark`,
      async (judge) => {
        for (const event of [inbound(), { ...inbound(), id: undefined }]) {
          const body = JSON.stringify(event);
          await judge.handled(await judge.post(`\ufeff${body}`, { contentType }), event, body);
        }
      },
    );
  }

  behaviour('with CRLF between its lines: it is kept as it was signed', async (judge) => {
    const event = unhandled();
    const body = `${JSON.stringify(event, null, 2).replaceAll('\n', '\r\n')}\r\n`;
    await judge.unrouted(await judge.post(body), event.id, body);
  });

  behaviour(
    'that was signed and then compressed with gzip: it is refused, because bytes are verified as received',
    async (judge) => {
      const event = inbound();
      const answer = await judge.post(gzipSync(JSON.stringify(event)), {
        signature: judge.signed(event),
        headers: { 'content-encoding': 'gzip' },
      });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    },
  );

  behaviour(
    'that was compressed with gzip and then signed: it is unrouted as unreadable, and each byte is kept',
    async (judge) => {
      const body = gzipSync(JSON.stringify(inbound()));
      const answer = await judge.post(body, {
        contentType: 'application/gzip',
        headers: { 'content-encoding': 'gzip' },
      });
      await judge.unreadable(answer, body);
    },
  );

  behaviour('with bytes that are no UTF-8: it is handled, with U+FFFD in their place', async (judge) => {
    const event = inbound('a?b');
    const body = Buffer.from(JSON.stringify(event));
    body[body.indexOf('a?b') + 1] = 0xff;
    const read = { ...event, data: { text: 'a\ufffdb' } };
    await judge.handled(await judge.post(body, { contentType: null }), read);
  });

  for (const [what, text] of oddTexts) {
    behaviour(`with ${what} in a text: the handler gets the text unchanged`, async (judge) => {
      const event = inbound(text);
      await judge.handled(await judge.post(event), event);
    });
  }

  behaviour('that is sent slowly, in eight pieces: it is handled', async (judge) => {
    const event = inbound('x'.repeat(1_000));
    await judge.handled(await judge.post(event, { pieces: 8 }), event);
  });
});
