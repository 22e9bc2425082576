import { readAssumptions } from '../../../cli/cost/assumptions.ts';
import { workerShares } from '../../../cli/cost/shares.ts';
import { routes } from '../../support/handlers.ts';

const worker = (name: string, ...types: string[]) => ({ name, types, memoryMb: 256, records: false });
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

test('every event type has its share, and together they are all events', () => {
  const { assumptions } = readAssumptions();
  expect(Object.keys(assumptions.shares).sort()).toEqual([...routes.types].sort());
  expect(Object.values(assumptions.shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});
