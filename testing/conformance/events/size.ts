import { answersExactly, behaviours } from '../behaviour.ts';
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

export const sizeBehaviours = behaviours('size of an event', (behaviour) => {
  for (const bytes of [1_000, 65_536, 262_144, 262_145, uncompressed - 1, uncompressed]) {
    behaviour(`of ${bytes} bytes: it is handled`, async (judge) => {
      const event = sized(bytes);
      await judge.handled(await judge.post(event), event);
    });
  }

  behaviour('of one byte more than is queued uncompressed: it is handled', async (judge) => {
    const event = sized(uncompressed + 1);
    await judge.handled(await judge.post(event), event);
  });

  behaviour('that is more than is queued uncompressed once it is escaped: it is handled', async (judge) => {
    // 600,000 bytes on the wire, three times as many in ASCII.
    const event = inbound('é'.repeat(300_000));
    await judge.handled(await judge.post(event), event);
  });

  behaviour('of 4 MB of chat: it is handled, with its whole text', async (judge) => {
    const event = inbound(chat(4_000_000));
    await judge.handled(await judge.post(event), event);
  });

  behaviour(
    'of 6 MB of random base64, too large even compressed: it is refused as payload_too_large',
    async (judge) => {
      const event = sized(6_000_000, incompressible);
      judge.refused(await judge.post(event), 413, 'payload_too_large', event.id);
    },
    answersExactly,
  );

  behaviour(
    'of 5 MB, unsigned or signed by a stranger: it is refused before anybody reads it',
    async (judge) => {
      const event = inbound(incompressible(5_000_000));
      judge.refused(await judge.post(event, { signature: null }), 401, 'missing_signature', event.id);
      const answer = await judge.post(event, { secret: 'whsec_stranger' });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    },
  );
});
