import { behaviours } from '../behaviour.ts';
import { idOf } from '../expected-id.ts';
import { inbound, newId } from '../test-events.ts';
import type { Sent } from '../witness.ts';

/** A number that is a new id. */
const newNumber = () => Number(`${Date.now()}${newId().replace(/.*_/, '').slice(-2)}`);
const yearMs = 365 * 86_400_000;

const oddEnvelopes: readonly [string, () => Sent][] = [
  ['nothing but a type and an unknown field', () => ({ type: 'message.inbound', nonce: newId() })],
  ['no id', () => ({ ...inbound(), id: undefined })],
  ['an empty id', () => ({ ...inbound(), id: '' })],
  ['an id that is a number', () => ({ ...inbound(), id: newNumber() })],
  ['an id that is a number beyond 2^53', () => ({ ...inbound(), id: 2 ** 60 })],
  ['an id that is a list', () => ({ ...inbound(), id: [newId()] })],
  ['no timestamp', () => ({ ...inbound(), timestamp: undefined })],
  ['a timestamp in ISO 8601', () => ({ ...inbound(), timestamp: new Date().toISOString() })],
  ['a timestamp in seconds', () => ({ ...inbound(), timestamp: Math.floor(Date.now() / 1000) })],
  ['a timestamp that is a text of digits', () => ({ ...inbound(), timestamp: String(Date.now()) })],
  ['a timestamp that is a word', () => ({ ...inbound(), timestamp: 'now' })],
  ['a negative timestamp', () => ({ ...inbound(), timestamp: -1 })],
  ['a timestamp a year ahead', () => ({ ...inbound(), timestamp: Date.now() + yearMs })],
  ['no data', () => ({ ...inbound(), data: undefined })],
  ['data that is null', () => ({ ...inbound(), data: null })],
  ['data that is a text', () => ({ ...inbound(), data: 'x' })],
  ['data that is a list', () => ({ ...inbound(), data: [{ messageId: 'msg_odd' }] })],
  ['a sender that is a number', () => ({ ...inbound(), senderId: 7 })],
  ['a sender that is an object', () => ({ ...inbound(), senderId: { id: 'snd_1' } })],
  ['an empty project', () => ({ ...inbound(), projectId: '' })],
  ['a project of 257 characters', () => ({ ...inbound(), projectId: 'p'.repeat(257) })],
  ['half an emoji in its project', () => ({ ...inbound(), projectId: 'prj_\ud83d' })],
];

// What Zavu signed is never refused for its shape (docs/decisions/0026).
export const envelopeBehaviours = behaviours('an envelope that is not as documented', (behaviour) => {
  for (const [what, write] of oddEnvelopes) {
    behaviour(`with ${what}: the event is handled, and its retry is a duplicate`, async (judge) => {
      const event = write();
      await judge.handled(await judge.post(event), event);
      // Zavu's retries have the same text.
      const id = idOf(event, JSON.stringify(event));
      judge.taken(await judge.post(event), id);
      await judge.duplicates(id, 1);
    });
  }

  behaviour('with a timestamp beyond every number: the event is handled', async (judge) => {
    const event = inbound();
    const body = JSON.stringify(event).replace(String(event.timestamp), '1e400');
    await judge.handled(await judge.post(body), event, body);
  });
});
