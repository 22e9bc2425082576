import { behaviours } from '../behaviour.ts';
import { eventOf, inbound, newId } from '../test-events.ts';

/** A text that makes this project's test handler take 300 ms, so that deliveries meet each other. */
const slow = 'slow';

export const duplicateBehaviours = behaviours('duplicates', (behaviour) => {
  behaviour('six deliveries of an event at once: it is handled once', async (judge) => {
    const event = inbound(slow);
    const answers = await Promise.all(Array.from({ length: 6 }, () => judge.post(event)));
    for (const answer of answers) judge.taken(answer, event.id);
    await judge.handledOnce(event.id, answers.length);
  });

  behaviour('an event that comes again with another signature: it is not handled again', async (judge) => {
    const { accepted } = judge.target;
    const event = inbound();
    await judge.handled(await judge.post(event), event);
    for (const scheme of accepted) judge.taken(await judge.post(event, { scheme }), event.id);
    await judge.duplicates(event.id, accepted.length);
  });

  const pairs: readonly [string, readonly string[]][] = [
    ['two events of one type', ['message.inbound', 'message.inbound']],
    ['two events of two workers', ['message.inbound', 'message.delivered']],
  ];
  for (const [what, types] of pairs) {
    behaviour(
      `one id of two senders is ${what}: each is handled once, delivered in turn and at once`,
      async (judge) => {
        for (const text of ['hello', slow]) {
          const id = newId();
          const events = types.map((type, index) => ({
            ...eventOf(type, text, id),
            senderId: `snd_${index}`,
          }));
          const deliver = () => Promise.all(events.map((event) => judge.post(event)));
          for (const answer of await deliver()) judge.taken(answer, id);
          await judge.eachHandled(id, events);
          // The next delivery of each is a duplicate.
          for (const answer of await deliver()) judge.taken(answer, id);
          await judge.eachHandled(id, events, events.length);
        }
      },
    );
  }

  behaviour('a message that is delivered before it is sent: every event is handled, once', async (judge) => {
    const events = ['delivered', 'sent', 'queued'].map((status) => ({
      ...eventOf(`message.${status}`, ''),
      data: { messageId: 'msg_1', to: '+56912345678', channel: 'sms', status, text: status },
    }));
    for (const event of events) judge.taken(await judge.post(event), event.id);
    for (const event of events) await judge.wasHandled(event.id, event);
  });
});
