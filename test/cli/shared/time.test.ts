import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { assertSpan, parseDuration, parseTime } from '../../../cli/shared/time.ts';

const now = Date.UTC(2026, 0, 31, 12);

test.each([
  ['30s', '2026-01-31T11:59:30.000Z'],
  ['90m', '2026-01-31T10:30:00.000Z'],
  ['2h', '2026-01-31T10:00:00.000Z'],
  ['14d', '2026-01-17T12:00:00.000Z'],
  ['2026-01-30', '2026-01-30T00:00:00.000Z'],
  ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:15Z', '2026-01-31T09:30:15.000Z'],
  ['2026-01-31T09:30+03:00', '2026-01-31T06:30:00.000Z'],
  ['2026-01-31T09:30:15.250', '2026-01-31T09:30:15.250Z'],
])('%s is a time', (text, expected) => {
  expect(new Date(parseTime('--from', text, now)).toISOString()).toBe(expected);
});

test.each([
  ...['', '5', '-2h', '2w', 'yesterday', '01/02/2026', '1e3h', '2h ago', '9999999d'],
  ...['2026-13-01', '2026-02-31', '2026-01-31T25:00', '2026-01-31Z'],
])('%j is no time', (text) => {
  expect(() => parseTime('--from', text, now)).toThrow('--from must be like 90m');
  expect(() => parseTime('--from', text, now)).toThrow(expect.objectContaining({ name: 'UsageError' }));
});

test.each([
  ['0', 0],
  ['30s', 30_000],
  ['90m', 5_400_000],
  ['2h', 7_200_000],
  ['3d', 259_200_000],
])('%s is a length of time', (text, milliseconds) => {
  expect(parseDuration('--for', text)).toBe(milliseconds);
});

test.each(['', '5', '-2h', '2w', '2026-01-31', '1e3h', '00'])('%j is no length of time', (text) => {
  expect(() => parseDuration('--for', text)).toThrow('--for must be like 30s, 90m, 2h or 3d');
});

test('without a zone a time is in UTC, whatever the zone of this machine is', () => {
  const file = pathToFileURL(require.resolve('../../../cli/shared/time.ts')).href;
  const code = `import { parseDuration, parseTime } from '${file}';
    console.log(['2026-01-31T09:30', '2026-01-31'].map((text) => parseTime('--from', text, 0)).join());`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'America/Santiago' },
  });
  expect(printed.trim()).toBe(`${Date.UTC(2026, 0, 31, 9, 30)},${Date.UTC(2026, 0, 31)}`);
});

test.each([
  [{ from: now + 1 }, '--from is in the future.'],
  [{ from: now - 1, to: now - 1 }, '--to must be later than --from.'],
])('a span is refused: %j', (span, sentence) => {
  expect(() => assertSpan(span, now)).toThrow(
    expect.objectContaining({ name: 'UsageError', message: sentence }),
  );
});

test.each([{}, { from: now }, { to: 0 }, { from: now - 1, to: now }])('a span is accepted: %j', (span) => {
  expect(() => assertSpan(span, now)).not.toThrow();
});
