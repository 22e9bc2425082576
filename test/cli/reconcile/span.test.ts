import { refuseExpired, refuseUnrecorded, settledSpan } from '../../../cli/reconcile/span.ts';
import { UsageError } from '../../../cli/shared/command.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse('2026-03-01T12:00:00.000Z');

describe('the span', () => {
  test('It ends 6 hours ago if nobody says when.', () => {
    expect(settledSpan({ from: now - dayMs, to: undefined }, now)).toEqual({
      from: now - dayMs,
      to: now - 6 * hourMs,
    });
  });

  test.each([
    ['a younger end', now - dayMs, now - 6 * hourMs + 1],
    ['a young beginning', now - 5 * hourMs, undefined],
    ['no time between both', now - dayMs, now - dayMs],
  ])('It is refused with %s.', (_name, from, to) => {
    expect(() => settledSpan({ from, to }, now)).toThrow(UsageError);
  });
});

describe('what may have been handled without a record', () => {
  const refusalOf = (from: number, since: number | undefined) => () => {
    refuseExpired({ name: 'zavu-prod' }, { from, now });
    refuseUnrecorded({ name: 'zavu-prod' }, { from, since });
  };

  test('Nothing is refused that began after the first run, in the last 7 days.', () => {
    expect(refusalOf(now - 7 * dayMs, now - 7 * dayMs)).not.toThrow();
  });

  test.each([
    ['there was no run', now - dayMs, undefined, /no run of these types yet.*--force/],
    ['it begins before the first run', now - dayMs, now - dayMs + 1, /compares since 2026-02-28T12.*--force/],
    ['records may have expired', now - 7 * dayMs - 1, now - 90 * dayMs, /expired.*--force/],
  ])('It is refused if %s.', (_name, from, since, text) => {
    expect(refusalOf(from, since)).toThrow(text);
    expect(refusalOf(from, since)).toThrow(UsageError);
  });
});
