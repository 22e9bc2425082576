import type { Event } from '../../../lambda/event.ts';
import type { Handler, Handlers } from '../../../lambda/worker/handler.ts';

// What the compiler must refuse: `tsc` fails on an expectation that is not met.
test('a worker without a handler for each of its types, and only those, does not compile', () => {
  const handle: Handler<'message.inbound'> = async () => undefined;
  const complete: Handlers<'inbound'> = { 'message.inbound': handle };
  // @ts-expect-error template.rejected is routed to it too
  const incomplete: Handlers<'templates'> = { 'template.approved': async () => undefined };
  // @ts-expect-error message.sent is another worker's
  const foreign: Handlers<'inbound'> = { 'message.inbound': handle, 'message.sent': async () => undefined };
  // @ts-expect-error a handler takes its own type's event
  const misplaced: Handlers<'inbound'>['message.inbound'] = async ({ data }) => void data.reason;
  expect([complete, incomplete, foreign, misplaced]).toHaveLength(4);
});

test('an event narrows by its type', () => {
  const reason = (event: Event) => (event.type === 'template.rejected' ? event.data.reason : undefined);
  const data = { templateId: 'tpl_1', name: 'offer', status: 'rejected', reason: 'no' };
  expect(reason({ id: 'evt_1', type: 'template.rejected', timestamp: 1, data })).toBe('no');
});
