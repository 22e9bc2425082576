import { expectHandled, expectRefused, expectTaken } from '../../../test/conformance/expectations.ts';
import { lookBehind, post } from '../../../test/conformance/harness.ts';
import { noise } from '../noise.ts';
import { inbound } from '../test-events.ts';

/** The largest event that is queued as it is. A larger one is compressed (docs/decisions/0026). */
const uncompressed = 1_046_528;

/** An event of so many bytes. */
function sized(bytes: number, fill = (length: number) => 'x'.repeat(length)) {
  const event = inbound('');
  event.data.text = fill(bytes - JSON.stringify(event).length);
  return event;
}

/** What no compression makes much smaller. */
const incompressible = (bytes: number) => noise(1, Math.floor(bytes * 0.75)).toString('base64');

const vocabulary =
  'hola 👋 pedido ¿dónde está? gracias the parcel is not here yet, please call me tomorrow 10:30'.split(' ');

/** Words as people write them: a few of them make up most of a text. */
function chat(length: number): string {
  const picks = Array.from(noise(1, Math.floor(length / 4)), (pick) => (pick / 256) ** 2 * vocabulary.length);
  const words = picks.map((pick) => vocabulary[Math.floor(pick)]);
  return words.join(' ').slice(0, length).toWellFormed();
}

describe('size of an event', () => {
  test.each([1_000, 65_536, 262_144, 262_145, uncompressed - 1, uncompressed])(
    'of %d bytes: it is handled',
    async (bytes) => {
      const event = sized(bytes);
      await expectHandled(await post(event), event);
    },
  );

  test('of one byte more than is queued uncompressed: it is handled', async () => {
    const event = sized(uncompressed + 1);
    await expectHandled(await post(event), event);
  });

  test('that is more than is queued uncompressed once it is escaped: it is handled', async () => {
    // 600,000 bytes on the wire, three times as many in ASCII.
    const event = inbound('é'.repeat(300_000));
    await expectHandled(await post(event), event);
  });

  test('of 4 MB of chat: it is handled, with its whole text', async () => {
    const event = inbound(chat(4_000_000));
    expectTaken(await post(event), event.id);
    await lookBehind(async ({ stack }) => {
      await stack.until(event.id, ['handled']);
      const [effect, ...more] = stack.effects(event.id);
      expect(more).toEqual([]);
      // Not by a matcher, which would print megabytes.
      expect(effect?.text === event.data.text).toBe(true);
    });
  });

  test('of 6 MB of random base64, too large even compressed: it is refused as payload_too_large', async () => {
    const event = sized(6_000_000, incompressible);
    expectRefused(await post(event), 413, 'payload_too_large', event.id);
  });

  test('of 5 MB, unsigned or signed by a stranger: it is refused before anybody reads it', async () => {
    const event = inbound(incompressible(5_000_000));
    expectRefused(await post(event, { signature: null }), 401, 'missing_signature', event.id);
    const answer = await post(event, { secret: 'whsec_stranger' });
    expectRefused(answer, 401, 'invalid_signature', event.id);
  });
});
