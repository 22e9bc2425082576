import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { parseTime } from '../../../cli/shared/time.ts';

const now = Date.UTC(2026, 0, 31, 12);

test.each([
  ['90m', '2026-01-31T10:30:00.000Z'],
  ['2h', '2026-01-31T10:00:00.000Z'],
  ['14d', '2026-01-17T12:00:00.000Z'],
  ['2026-01-30', '2026-01-30T00:00:00.000Z'],
  ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:15Z', '2026-01-31T09:30:15.000Z'],
  ['2026-01-31T09:30+03:00', '2026-01-31T06:30:00.000Z'],
  ['2026-01-31T09:30:15.250', '2026-01-31T09:30:15.250Z'],
])('%s is a time', (text, expected) => {
  expect(new Date(parseTime('since', text, now)).toISOString()).toBe(expected);
});

test.each([
  ...['', '5', '-2h', '2w', 'yesterday', '01/02/2026', '1e3h', '2h ago', '9999999d'],
  ...['2026-13-01', '2026-02-31', '2026-01-31T25:00', '2026-01-31Z'],
])('%j is no time', (text) => {
  expect(() => parseTime('since', text, now)).toThrow('--since must be like 90m');
  expect(() => parseTime('since', text, now)).toThrow(expect.objectContaining({ name: 'UsageError' }));
});

test('without a zone a time is in UTC, whatever the zone of this machine is', () => {
  const file = pathToFileURL(require.resolve('../../../cli/shared/time.ts')).href;
  const code = `import { parseTime } from '${file}';
    console.log(['2026-01-31T09:30', '2026-01-31'].map((text) => parseTime('since', text, 0)).join());`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'America/Santiago' },
  });
  expect(printed.trim()).toBe(`${Date.UTC(2026, 0, 31, 9, 30)},${Date.UTC(2026, 0, 31)}`);
});
