import {
  expectDuplicates,
  expectEachHandled,
  expectHandled,
  expectHandledOnce,
  expectTaken,
} from '../../../test/conformance/expectations.ts';
import { lookBehind, post } from '../../../test/conformance/harness.ts';
import { accepted } from '../../../test/conformance/needs.ts';
import { orders } from '../../../test/e2e/orders.ts';
import { eventOf, inbound, newId } from '../test-events.ts';

describe('duplicates', () => {
  test('six deliveries of an event at once: it is handled once', async () => {
    const event = inbound(orders.slow);
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(event)));
    for (const answer of answers) expectTaken(answer, event.id);
    await expectHandledOnce(event.id, answers.length);
  });

  test('an event that comes again with another signature: it is not handled again', async () => {
    const event = inbound();
    await expectHandled(await post(event), event);
    for (const scheme of accepted) expectTaken(await post(event, { scheme }), event.id);
    await expectDuplicates(event.id, accepted.length);
  });

  test.each([
    ['two events of one type', ['message.inbound', 'message.inbound']],
    ['two events of two workers', ['message.inbound', 'message.delivered']],
  ])(
    'one id of two senders is %s: each is handled once, delivered in turn and at once',
    async (_case, types) => {
      for (const text of ['hello', orders.slow]) {
        const id = newId();
        const events = types.map((type, index) => ({ ...eventOf(type, text, id), senderId: `snd_${index}` }));
        const deliver = () => Promise.all(events.map((event) => post(event)));
        for (const answer of await deliver()) expectTaken(answer, id);
        await lookBehind(({ stack }) => expectEachHandled(stack, events));
        // The next delivery of each is a duplicate.
        for (const answer of await deliver()) expectTaken(answer, id);
        await lookBehind(async ({ stack }) => {
          await stack.until(id, ['duplicate'], events.length);
          await expectEachHandled(stack, events);
        });
      }
    },
  );

  test('a message that is delivered before it is sent: every event is handled, once', async () => {
    const events = ['delivered', 'sent', 'queued'].map((status) => ({
      ...eventOf(`message.${status}`, ''),
      data: { messageId: 'msg_1', to: '+56912345678', channel: 'sms', status, text: status },
    }));
    for (const event of events) expectTaken(await post(event), event.id);
    await lookBehind(async ({ stack }) => {
      for (const { id, data } of events) {
        await stack.until(id, ['handled']);
        expect(stack.effects(id)).toMatchObject([{ id, text: data.text }]);
      }
    });
  });
});
