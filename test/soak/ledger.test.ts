import { orders } from '../e2e/orders.ts';
import { judge, type LedgerEntry } from './ledger.ts';

const effect = { idempotencyKey: 'evt_1', ended: true };
const died = { ...effect, ended: false };
const entry: LedgerEntry = {
  id: 'evt_1',
  order: 'hello',
  keys: ['evt_1'],
  acknowledged: true,
  effects: [effect],
  kept: [],
  unrecorded: false,
};
const unreadable = { queue: 'unrouted', reason: 'unreadable' };
const deadLettered = { queue: 'inbound', reason: 'attempts_exhausted' };

test('what went well is counted, each event once', () => {
  const account = judge([
    entry,
    { ...entry, acknowledged: false },
    { ...entry, effects: [], kept: [deadLettered] },
    { ...entry, effects: [], kept: [{ queue: 'unrouted', reason: undefined }] },
    { ...entry, effects: [], acknowledged: false },
    // A copy failed for good before another was handled.
    { ...entry, kept: [deadLettered] },
  ]);
  expect(account).toMatchObject({ handled: 3, deadLetter: 1, unrouted: 1, unacknowledged: 1, lost: 0 });
  expect(account).toMatchObject({ reasons: { attempts_exhausted: 1 }, violations: [] });
});

test.each<[string, Partial<LedgerEntry>, string]>([
  ['acknowledged and gone', { effects: [] }, 'is lost'],
  [
    'dead-lettered without a reason',
    { effects: [], kept: [{ ...deadLettered, reason: undefined }] },
    'without a reason',
  ],
  ['handled twice', { effects: [effect, effect] }, 'handled 2 times'],
  ['handled twice more than deaths explain', { effects: [died, effect, effect] }, 'handled 3 times'],
  [
    'handled under another key',
    { effects: [{ ...effect, idempotencyKey: 'evt_2' }] },
    'another idempotency key',
  ],
  ['read by nobody, and handled', { keys: [], kept: [unreadable] }, 'another idempotency key'],
  [
    'read by nobody, and unrouted without saying so',
    { keys: [], effects: [], kept: [{ queue: 'unrouted', reason: 'unknown_type' }] },
    'not unrouted as such',
  ],
  ['handled for one of its two owners', { keys: ['evt_1', 'evt_1:other'] }, '1 of its 2 owners'],
  ['handled though its handler throws', { order: orders.throw }, 'always fails'],
])('%s is a violation', (_case, differences, sentence) => {
  expect(judge([{ ...entry, ...differences }]).violations).toEqual([expect.stringContaining(sentence)]);
});

test('an id that two owners use is handled for each, and what nobody can read is unrouted', () => {
  const other = { ...effect, idempotencyKey: 'evt_1:other' };
  const keys = ['evt_1', 'evt_1:other'];
  const account = judge([
    { ...entry, keys, effects: [effect, other] },
    { ...entry, keys, kept: [deadLettered] },
    { ...entry, keys: [], effects: [], kept: [unreadable] },
  ]);
  expect(account).toMatchObject({
    handled: 2,
    unrouted: 1,
    repeated: { died: [], unrecorded: [] },
    violations: [],
  });
});

test('what could not be prevented is listed with its reason', () => {
  const account = judge([
    { ...entry, effects: [died, effect] },
    { ...entry, effects: [died, died, effect] },
    { ...entry, effects: [effect, effect], unrecorded: true },
  ]);
  expect(account).toMatchObject({
    handled: 3,
    repeated: { died: ['evt_1', 'evt_1'], unrecorded: ['evt_1'] },
    violations: [],
  });
});
