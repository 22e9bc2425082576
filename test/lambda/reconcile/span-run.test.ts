import { comparedSince, reconcileSpan } from '../../../lambda/reconcile/span-run.ts';
import { hourMs, ReconcilerInMemory } from '../../support/reconciler-in-memory.ts';

/** Reconciles from 10 to 7 hours ago, by hand. */
async function reconcile(things: ReconcilerInMemory, isDryRun = false, types: readonly string[] = []) {
  const span = { from: things.now - 10 * hourMs, to: things.now - 7 * hourMs };
  return reconcileSpan(things.reconciler, span, { types, isDryRun, onPage: () => undefined });
}

test('A span takes what happened in it, also to what was created before.', async () => {
  const things = new ReconcilerInMemory(['message.delivered', 'call.initiated', 'call.completed']);
  const outbound = (id: string, created: number, changed: number) => ({
    id,
    direction: 'outbound',
    status: 'delivered',
    channel: 'sms',
    createdAt: things.ago(created * hourMs),
    updatedAt: things.ago(changed * hourMs),
  });
  things.pages = {
    messages: [
      [outbound('after', 6, 6), outbound('still changing', 8, 6), outbound('inside', 8, 8)],
      [outbound('created_before', 12, 9), outbound('over before', 12, 11)],
      [outbound('long before', 40, 9)],
    ],
    calls: [
      [
        {
          id: 'c1',
          status: 'completed',
          createdAt: things.ago(10.5 * hourMs),
          endedAt: things.ago(9.5 * hourMs),
        },
      ],
    ],
  };
  await reconcile(things);
  expect(things.fedIds).toEqual([
    'reconciled:message:inside:delivered',
    'reconciled:message:created_before:delivered',
    'reconciled:call:c1:completed',
  ]);
});

test('A dry run counts, and puts nothing into a queue.', async () => {
  const things = new ReconcilerInMemory(['call.initiated']);
  things.pages = { calls: [[{ id: 'c1', status: 'completed', createdAt: things.ago(9 * hourMs) }]] };
  expect(await reconcile(things, true)).toMatchObject({ recovered: { 'call.initiated': 1 } });
  expect(things.fed).toEqual([]);
  expect(things.lines).toEqual([]);
});

test('It is the latest beginning of the lists asked for that says since when all of them are compared.', async () => {
  const things = new ReconcilerInMemory(['message.inbound', 'call.initiated']);
  const since = (...types: string[]) => comparedSince(things.reconciler, types);
  expect(await since()).toBeUndefined();
  things.lists.set('calls', { since: 2, doneTo: 2 });
  expect(await since()).toBeUndefined();
  expect(await since('call.initiated')).toBe(2);
  things.lists.set('messages', { since: 1, doneTo: 1 });
  expect(await since()).toBe(2);
  expect(await since('message.inbound')).toBe(1);
  things.lists.set('messages', { since: 1, doneTo: 1, types: { 'message.inbound': 3 } });
  expect(await since('message.inbound')).toBe(3);
});
