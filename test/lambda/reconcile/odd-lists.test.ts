import { historyOf, loadDay, settledDayMs } from '../../support/reconcile/simulated-day.ts';
import { hourMs, SimulatedZavu } from '../../support/reconcile/simulated-project.ts';
import { tooManyRequests } from '../../support/zavu-api/answer.ts';
import type { StandInProject } from '../../support/zavu-api/project.ts';
import type { ApiRequest } from '../../support/zavu-api/project-answer.ts';

/** Lists of Zavu's API that are not as one hopes: all that was lost is recovered all the same, once. */
let zavu: SimulatedZavu;
beforeAll(async () => {
  zavu = await SimulatedZavu.start();
});
afterEach(() => {
  zavu.api.onRequest = () => undefined;
});
afterAll(() => zavu.stop());

/** Pages so small that every list has several. */
const pageSize = '10';

interface Oddity {
  prepare?: (stored: StandInProject) => void;
  onRequest?: (request: ApiRequest, stored: StandInProject) => ReturnType<typeof tooManyRequests> | undefined;
  unordered?: readonly string[];
}

let count = 0;
/** No two projects have an id in common, as in Zavu. */
let seed = 5;
const oddities: Readonly<Record<string, Oddity>> = {
  'are the oldest first': {
    prepare: ({ orders }) => {
      for (const name of ['messages', 'calls']) orders.set(name, 'oldest first');
    },
    unordered: ['messages', 'calls'],
  },
  'have no order': {
    prepare: ({ orders }) => {
      for (const name of ['messages', 'conversations', 'calls']) orders.set(name, 'none');
    },
    unordered: ['messages', 'conversations', 'calls'],
  },
  'have empty pages': {
    prepare(stored) {
      stored.emptyPageEvery = 2;
    },
  },
  'give cursors that expire': {
    onRequest: ({ query }, stored) => {
      if (query.has('cursor') && ++count % 3 === 0 && stored.cursors < 4) stored.expireCursors();
      return undefined;
    },
  },
  'are refused for a while': {
    onRequest: () => (++count % 3 === 0 ? tooManyRequests(7) : undefined),
  },
  'lose objects between pages': {
    onRequest: ({ query, at }, stored) => {
      const [, , last] = stored.at('messages', at).toSorted((one, other) => other.time - one.time);
      if (query.has('cursor') && last) stored.remove('messages', last.id);
      return undefined;
    },
  },
};

test.each(Object.entries(oddities))('lists that %s', async (_, { prepare, onRequest, unordered = [] }) => {
  const project = zavu.project();
  const since = project.clock.now();
  // What is older than what a run looks at.
  project.stored.load(
    historyOf(project, { seed: seed++, messages: 40, from: since - 100 * hourMs }).versions,
  );
  await project.run();
  loadDay(project, { seed: seed++, messages: 60 });
  await project.pass(settledDayMs);
  prepare?.(project.stored);
  zavu.api.onRequest = (request) => {
    request.query.set('limit', pageSize);
    return onRequest?.(request, project.stored);
  };
  expect(project.missing(since)).not.toEqual([]);
  expect(await project.run()).toMatchObject({ unordered, bounds: [], isComplete: true });
  await project.drain();
  expect(project.missing(since)).toEqual([]);
  expect(project.workers.handledTwice).toEqual([]);
  expect(await project.run()).toMatchObject({ recovered: {}, isComplete: true });
});

test('a conversation that moves to the top while its list is walked is recovered', async () => {
  const project = zavu.project();
  await project.run();
  const createdAt = project.clock.now() + hourMs;
  const conversation = (id: string, updatedAt: number) => ({
    id,
    channels: ['sms'],
    contactIdentifier: '+1',
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    lastMessage: { id: 'k57', at: '', channel: 'sms', direction: 'inbound', text: '' } as const,
    messageCount: 1,
    unreadCount: 0,
  });
  for (const index of Array(30).keys()) {
    const at = createdAt + index * 1_000;
    project.stored.put({ list: 'conversations', at, object: conversation(`conversation_${index}`, at) });
  }
  await project.pass(10 * hourMs);
  zavu.api.onRequest = ({ path, query, at }) => {
    query.set('limit', pageSize);
    if (path === '/v1/conversations' && query.has('cursor'))
      project.stored.put({ list: 'conversations', at, object: conversation('conversation_3', at) });
    return undefined;
  };
  await project.run();
  expect(project.workers.fedSubjects).toHaveLength(30);
});
