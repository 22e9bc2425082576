import type { Handler, Handlers } from '../../../lambda/handlers/handler.ts';
import { handlers } from '../../../lambda/handlers/table.ts';
import type { Event } from '../../../lambda/zavu/event.ts';

// What the compiler must refuse: `tsc` fails on an expectation that is not met.
test('a worker without a handler for each of its types, and only those, does not compile', () => {
  const handle: Handler<'template.approved' | 'template.rejected'> = async () => undefined;
  const other: Handler<'template.status_changed'> = async () => undefined;
  const approved = { 'template.approved': handle, 'template.rejected': handle };
  const complete: Handlers<'templates'> = { ...approved, 'template.status_changed': other };
  // @ts-expect-error template.status_changed is routed to it too
  const incomplete: Handlers<'templates'> = approved;
  const foreign: Handlers<'templates'> = {
    ...complete,
    // @ts-expect-error message.sent is another worker's
    'message.sent': async () => undefined,
  };
  // @ts-expect-error a handler takes its own type's event
  const misplaced: Handlers<'templates'>['template.approved'] = async ({ data }) => void data.reason;
  expect([complete, incomplete, foreign, misplaced]).toHaveLength(4);
});

test('the registry takes for each type the module of its own handler', () => {
  // @ts-expect-error it lacks the other types
  const incomplete: typeof handlers = { 'message.inbound': handlers['message.inbound'] };
  // @ts-expect-error a handler takes its own type's event
  const misplaced: typeof handlers = { ...handlers, 'message.queued': handlers['message.failed'] };
  expect([incomplete, misplaced]).toHaveLength(2);
});

test('an event narrows by its type', () => {
  const reason = (event: Event) => (event.type === 'template.rejected' ? event.data.reason : undefined);
  const data = { templateId: 'tpl_1', name: 'offer', status: 'rejected', reason: 'no' };
  expect(reason({ id: 'evt_1', type: 'template.rejected', timestamp: 1, data })).toBe('no');
});
