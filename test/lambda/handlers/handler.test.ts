import type { Handler, Handlers } from '../../../lambda/handlers/handler.ts';
import type { Event } from '../../../lambda/zavu/event.ts';

// What the compiler must refuse: `tsc` fails on an expectation that is not met.
test('a handler of another type, or of a type that there is not, does not compile', () => {
  const handle: Handler<'template.approved' | 'template.rejected'> = async () => undefined;
  const handlers: Handlers = { 'template.approved': handle, 'template.rejected': handle };
  const failed: Handler<'message.failed'> = async ({ data }) => void data.errorCode;
  // @ts-expect-error a queued message has no error code
  const misplaced: Handlers = { 'message.queued': failed };
  // @ts-expect-error no such type
  const unknown: Handlers = { 'message.reaction': handle };
  // @ts-expect-error a handler takes its own type's event
  const strange: Handlers['template.approved'] = async ({ data }) => void data.reason;
  expect([handlers, misplaced, unknown, strange]).toHaveLength(4);
});

test('an event narrows by its type', () => {
  const reason = (event: Event) => (event.type === 'template.rejected' ? event.data.reason : undefined);
  const data = { templateId: 'tpl_1', name: 'offer', status: 'rejected', reason: 'no' };
  expect(reason({ id: 'evt_1', type: 'template.rejected', timestamp: 1, data })).toBe('no');
});
