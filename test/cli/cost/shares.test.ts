import { readAssumptions } from '../../../cli/cost/assumptions.ts';
import { recordedShare, workerShares } from '../../../cli/cost/shares.ts';
import { routes } from '../../support/handlers.ts';

const worker = (name: string, ...types: string[]) => ({ name, types, memoryMb: 256, records: true });
const shares = { 'message.inbound': 0.2, 'message.sent': 0.3, 'call.failed': 0.5 };

test.each([
  [
    'its types, of all types',
    [worker('one', 'message.inbound', 'message.sent'), worker('two', 'call.failed')],
    [0.5, 0.5],
  ],
  [
    'its types, of those that are routed',
    [worker('one', 'message.inbound'), worker('two', 'message.sent')],
    [0.4, 0.6],
  ],
  ['nothing, if it gets no new events', [worker('one', 'message.sent'), worker('old')], [1, 0]],
  [
    'as much as others, if nothing is known',
    [worker('one', 'message.odd'), worker('two', 'message.odder')],
    [0.5, 0.5],
  ],
])("a worker's share: %s", (_case, workers, expected) => {
  const found = workerShares({ workers }, { shares });
  expect(workers.map(({ name }) => found[name])).toEqual(expected.map((share) => expect.closeTo(share)));
});

test.each<[string, readonly ReturnType<typeof worker>[], number]>([
  ['all of a worker that has nothing else', [worker('one', 'message.inbound', 'call.failed')], 1],
  [
    'not of a worker without the table',
    [worker('one', 'message.inbound'), { ...worker('two', 'message.sent'), records: false }],
    0.4,
  ],
  ['a part of a worker that has other types, too', [worker('one', 'message.inbound', 'domain.failed')], 0.25],
  ['by their number, if nothing is known', [worker('one', 'broadcast.status_changed', 'message.odd')], 0.5],
  ['none, if a worker gets no new events', [worker('one')], 0],
])('the share of events that is recorded: %s', (_case, workers, expected) => {
  const known = { ...shares, 'domain.failed': 0.6 };
  expect(recordedShare({ workers }, { shares: known })).toBeCloseTo(expected);
});

test('every event type has its share, and together they are all events', () => {
  const { assumptions } = readAssumptions();
  expect(Object.keys(assumptions.shares).sort()).toEqual([...routes.types].sort());
  expect(Object.values(assumptions.shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});
