import { type Filter, isOpen, matches, parseSince } from '../../../cli/dead-letters/filter.ts';

const open: Filter = { types: [], reasons: [], errors: [], ids: [], since: undefined };
const facts = {
  id: 'evt_1',
  messageId: 'msg-1',
  type: 'message.inbound',
  reason: 'permanent_failure',
  error: 'PermanentFailure',
  attempts: '1',
  codeVersion: '0123456789ab',
  failedAt: '2026-01-31T10:00:00.000Z',
  sentAt: '2026-01-31T10:00:00.100Z',
};

describe('a filter', () => {
  test.each<[string, Partial<Filter>, boolean]>([
    ['nothing', {}, true],
    ['its type', { types: ['message.sent', 'message.inbound'] }, true],
    ['another type', { types: ['message.sent'] }, false],
    ['its reason', { reasons: ['permanent_failure'] }, true],
    ['another error', { errors: ['Error'] }, false],
    ['its event id', { ids: ['evt_0', 'evt_1'] }, true],
    ['its message id', { ids: ['msg-1'] }, true],
    ['another id', { ids: ['evt_2'] }, false],
    ['the moment it failed', { since: new Date('2026-01-31T10:00:00Z') }, true],
    ['a later time', { since: new Date('2026-01-31T10:00:01Z') }, false],
    ['its type and another reason', { types: ['message.inbound'], reasons: ['none'] }, false],
  ])('for %s', (_what, part, expected) => {
    expect(matches({ ...open, ...part }, facts)).toBe(expected);
    expect(isOpen({ ...open, ...part })).toBe(Object.keys(part).length === 0);
  });
});

describe('--since', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  test.each([
    ['90m', '2026-01-31T10:30:00.000Z'],
    ['2h', '2026-01-31T10:00:00.000Z'],
    ['14d', '2026-01-17T12:00:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:15Z', '2026-01-31T09:30:15.000Z'],
    ['2026-01-31T09:30+03:00', '2026-01-31T06:30:00.000Z'],
  ])('%s', (text, expected) => {
    expect(parseSince(text, now).toISOString()).toBe(expected);
  });

  test.each(['', '5', '-2h', '2w', 'yesterday', '2026-13-01', '01/02/2026', '1e3h', '2h ago', '9999999d'])(
    '%j is refused',
    (text) => {
      expect(() => parseSince(text, now)).toThrow('--since must be like');
    },
  );

  test('a time that lies ahead is refused', () => {
    expect(() => parseSince('2026-02-01', now)).toThrow('lies ahead');
  });
});
