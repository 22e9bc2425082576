import { type Filter, isOpen, matches } from '../../../cli/dead-letters/filter.ts';

const open: Filter = {
  workers: [],
  types: [],
  reasons: [],
  errors: [],
  places: [],
  ids: [],
  from: undefined,
  to: undefined,
};
const message = {
  worker: 'inbound',
  id: 'evt_1',
  messageId: 'msg-1',
  type: 'message.inbound',
  reason: 'permanent_failure',
  error: 'PermanentFailure',
  place: 'inbound-3.mjs:2:55',
  attempts: '1',
  codeVersion: '0123456789ab',
  failedAt: '2026-01-31T10:00:00.000Z',
  sentAt: '2026-01-31T10:00:00.100Z',
};

describe('a filter', () => {
  test.each<[string, Partial<Filter>, boolean]>([
    ['nothing', {}, true],
    ['its worker', { workers: ['delivery', 'inbound'] }, true],
    ['another worker', { workers: ['delivery'] }, false],
    ['its type', { types: ['message.sent', 'message.inbound'] }, true],
    ['another type', { types: ['message.sent'] }, false],
    ['its reason', { reasons: ['permanent_failure'] }, true],
    ['another error', { errors: ['Error'] }, false],
    ['its place', { places: ['a.mjs:1:2', 'inbound-3.mjs:2:55'] }, true],
    ['another place', { places: ['inbound-3.mjs:2:5'] }, false],
    ['its event id', { ids: ['evt_0', 'evt_1'] }, true],
    ['its message id', { ids: ['msg-1'] }, true],
    ['another id', { ids: ['evt_2'] }, false],
    ['the moment it failed', { from: Date.UTC(2026, 0, 31, 10) }, true],
    ['a later time', { from: Date.UTC(2026, 0, 31, 10, 0, 1) }, false],
    ['an end at the moment it failed', { to: Date.UTC(2026, 0, 31, 10) }, false],
    ['an end after it', { to: Date.UTC(2026, 0, 31, 10, 0, 1) }, true],
    ['its type and another reason', { types: ['message.inbound'], reasons: ['timed_out'] }, false],
  ])('for %s', (_what, part, expected) => {
    expect(matches({ ...open, ...part }, message)).toBe(expected);
    expect(isOpen({ ...open, ...part })).toBe(Object.keys(part).length === 0);
  });
});
