import { createReconcile } from '../../../lambda/reconcile/handler.ts';
import type { Reconciler } from '../../../lambda/reconcile/run.ts';
import { hourMs, ReconcilerInMemory } from '../../support/reconciler-in-memory.ts';

/** Reconciles the projects of some keys, and says what was logged. */
async function reconcile(
  reconcilers: Readonly<Record<string, Reconciler>>,
  checkRegistrations: (reconciler: Reconciler) => Promise<void> = async () => undefined,
) {
  const things = new ReconcilerInMemory([]);
  const ended = createReconcile({
    apiKeys: async () => Object.keys(reconcilers),
    reconcilerOf: (key) => reconcilers[key] as Reconciler,
    checkRegistrations,
    now: Date.now,
    log: things.reconciler.log,
  })();
  const error = await ended.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const states = (message: string) =>
    things.lines.flatMap((line) => (line.message === message ? [line.state] : []));
  return { error, states };
}

function ofMessages(): ReconcilerInMemory {
  const things = new ReconcilerInMemory(['message.sent']);
  things.doneUntil('messages', 7 * hourMs);
  return things;
}

test('A slow project keeps no other one waiting.', async () => {
  const [slow, quick] = [ofMessages(), ofMessages()];
  const whenQuickIsDone = Promise.withResolvers<void>();
  quick.onRequest = () => whenQuickIsDone.resolve();
  const { list } = slow.reconciler.project;
  const project = {
    ...slow.reconciler.project,
    async list(...of: Parameters<typeof list>) {
      await whenQuickIsDone.promise;
      return list(...of);
    },
  } as Reconciler['project'];
  const { states } = await reconcile({ slow: { ...slow.reconciler, project }, quick: quick.reconciler });
  expect(states('reconciled')).toEqual(['complete', 'complete']);
});

test('A run is complete only if every project is.', async () => {
  const cutShort = ofMessages();
  cutShort.isOver = () => true;
  const failing = ofMessages();
  failing.onRequest = () => {
    throw new Error('refused');
  };
  expect((await reconcile({ a: ofMessages().reconciler })).states('reconcile_ended')).toEqual(['complete']);
  const half = await reconcile({ a: ofMessages().reconciler, b: cutShort.reconciler });
  expect(half.states('reconcile_ended')).toEqual(['cut_short']);
  const failed = await reconcile({ a: ofMessages().reconciler, b: failing.reconciler });
  expect(failed.states('reconcile_ended')).toEqual(['cut_short']);
  expect(failed.states('reconciled')).toEqual(['complete']);
  expect(failed.error).toBeInstanceOf(AggregateError);
});

test('Two keys of one project are one run.', async () => {
  const things = ofMessages();
  const { reconciler } = things;
  const { error, states } = await reconcile({ a: reconciler, b: reconciler });
  expect(error).toBeUndefined();
  expect(things.requests).toEqual(['messages']);
  expect(states('reconcile_ended')).toEqual(['complete']);
});

test('Registrations are checked before the lists take all the time, and also if they cannot be.', async () => {
  const things = ofMessages();
  const { error, states } = await reconcile({ a: things.reconciler }, async () => {
    expect(things.requests).toEqual([]);
    throw new Error('refused');
  });
  expect(error).toBeInstanceOf(AggregateError);
  expect(states('reconcile_ended')).toEqual(['cut_short']);
});
