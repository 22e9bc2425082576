import { createMetrics } from '../../../lambda/worker/metrics.ts';

const monthMs = 30 * 86_400_000;

/** The line that CloudWatch reads, of a batch whose events took so long. */
function lineOf(milliseconds: readonly number[]): Record<string, unknown> | undefined {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const metrics = createMetrics('ZavuWebhooks', 'inbound');
    for (const each of milliseconds) metrics.endToEnd(each);
    metrics.publish();
    const [[line] = []] = write.mock.calls;
    return line === undefined ? undefined : JSON.parse(String(line));
  } finally {
    write.mockRestore();
  }
}

test.each([
  ['a usual one', 120, 120],
  ['none at all', 0, 0],
  ['one of an event from the future', -5_000, 0],
  ['one of a time in seconds, read as milliseconds', 1_790_000_000_000, monthMs],
  ['one that no number holds', Number.POSITIVE_INFINITY, monthMs],
  ['one below all', Number.NEGATIVE_INFINITY, 0],
  ['the longest', monthMs, monthMs],
  ['a little more', monthMs + 1, monthMs],
])(
  'an end-to-end time stays within what CloudWatch and a percentile can take: %s',
  (_what, taken, counted) => {
    expect(lineOf([taken])).toMatchObject({ EndToEnd: counted });
  },
);

test('what is no number does not count, and takes nothing from its neighbours', () => {
  expect(lineOf([Number.NaN])).toBeUndefined();
  expect(lineOf([1, Number.NaN, 2])).toMatchObject({ EndToEnd: [1, 2] });
});
