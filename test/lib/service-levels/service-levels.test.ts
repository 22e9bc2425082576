import type { Metric } from '../../../local/aws/cloudwatch/metric.ts';
import { MetricAlarm } from '../../../local/aws/cloudwatch/metric-alarm.ts';
import { MetricStore } from '../../../local/aws/cloudwatch/metric-store.ts';
import { assemblyOf } from '../../support/assembly.ts';
import { resources, synthesizeStack, textOf } from '../../support/template.ts';

const template = synthesizeStack({ dashboard: 'true' });
const { assembly, resolve } = assemblyOf(template.toJSON().Resources);
const minute = 60_000;
const hour = 60 * minute;
/** A whole minute, at which alarms are evaluated. */
const now = 29_000_000 * minute;

/** Events at some time before now, in milliseconds; `refused` are a stranger's. */
interface Events {
  ago: number;
  good?: number;
  bad?: number;
  refused?: number;
}

const levels = [
  { level: 'Acceptance', allowed: 0.001 },
  { level: 'Handling', allowed: 0.01 },
] as const;
const rates = [
  { rate: 'FastBurn', times: 14.4, short: 5 * minute, long: hour },
  { rate: 'SlowBurn', times: 6, short: 30 * minute, long: 6 * hour },
] as const;
const alarms = levels.flatMap((level) =>
  rates.map((rate) => ({ ...level, ...rate, name: `${level.level}${rate.rate}` })),
);

function alarmOf(name: string): MetricAlarm {
  const [id, resource] =
    Object.entries(assembly.resources).find(([each]) => each.startsWith(`Monitoring${name}`)) ?? [];
  if (!id || !resource) throw new Error(`There is no alarm ${name}.`);
  return new MetricAlarm(id, resource, resolve);
}

/** What an alarm finds after some events. */
function stateOf(name: string, history: readonly Events[]) {
  const alarm = alarmOf(name);
  const store = new MetricStore(() => 100 * hour);
  const metric = (metricName: string): Metric => {
    const found = alarm.metrics.find((each) => each.name === metricName);
    if (!found) throw new Error(`${name} does not read ${metricName}.`);
    return found;
  };
  for (const { ago, good = 0, bad = 0, refused = 0 } of history) {
    const count = (metricName: string, value: number, times: number) => {
      for (let each = 0; each < times; each++) store.record(metric(metricName), value, now - ago);
    };
    if (name.startsWith('Handling')) {
      count('Late', 0, good);
      count('Late', 1, bad);
    } else {
      count('Count', 1, good + bad + refused);
      count('4xx', 1, refused);
      count('5xx', 1, bad);
    }
  }
  return alarm.evaluate(store, now)?.state;
}

describe.each(alarms)('$name', ({ name, level, allowed, times, short, long }) => {
  const share = allowed * times;

  test('is quiet if nothing comes, and if nothing goes wrong', () => {
    expect(stateOf(name, [])).toBe('OK');
    expect(stateOf(name, [{ ago: minute, good: 1_000 }])).toBe('OK');
  });

  test('is quiet below ten bad events, however few good ones there are', () => {
    expect(stateOf(name, [{ ago: minute, bad: 1 }])).toBe('OK');
    expect(stateOf(name, [{ ago: minute, bad: 9 }])).toBe('OK');
    expect(stateOf(name, [{ ago: minute, bad: 10 }])).toBe('ALARM');
  });

  test('fires above its share alone', () => {
    const all = 5_000;
    const bad = Math.round(all * share);
    expect(stateOf(name, [{ ago: minute, bad, good: all - bad }])).toBe('OK');
    expect(stateOf(name, [{ ago: minute, bad: bad + 1, good: all - bad - 1 }])).toBe('ALARM');
  });

  test('counts over its long window, to the minute, whatever else is read', () => {
    const recent = { ago: minute, bad: 5 };
    expect(stateOf(name, [{ ago: long - minute, bad: 5 }, recent])).toBe('ALARM');
    expect(stateOf(name, [{ ago: long + minute, bad: 5 }, recent])).toBe('OK');
  });

  test('fires only if its share is exceeded over the long window, too', () => {
    const recent = { ago: minute, bad: 50 };
    expect(stateOf(name, [{ ago: long / 2, good: 10_000 }, recent])).toBe('OK');
    expect(stateOf(name, [{ ago: long / 2, good: 100 }, recent])).toBe('ALARM');
  });

  test('is over when the last period is good, or nothing comes any more', () => {
    const incident = { ago: short + minute, bad: 100 };
    expect(stateOf(name, [incident])).toBe('OK');
    expect(stateOf(name, [incident, { ago: minute, good: 100 }])).toBe('OK');
    expect(stateOf(name, [incident, { ago: minute, good: 100, bad: 100 }])).toBe('ALARM');
  });

  if (level === 'Acceptance') {
    test('does not count strangers, neither for nor against', () => {
      expect(stateOf(name, [{ ago: minute, refused: 1_000, good: 1 }])).toBe('OK');
      expect(stateOf(name, [{ ago: minute, refused: 20_000, bad: 10, good: 50 }])).toBe('ALARM');
    });
  }
});

test('the handling of every worker counts, in one metric', () => {
  const filters = resources(template, 'AWS::Logs::MetricFilter')
    .map(([, { Properties }]) => Properties)
    .filter(({ MetricTransformations }) => JSON.stringify(MetricTransformations).includes('"Late"'));
  expect(filters).toHaveLength(4);
  for (const { FilterPattern, MetricTransformations } of filters) {
    expect(FilterPattern).toBe('{ $.late >= 0 }');
    // No default: a 0 for a minute of other lines would count as an event that was handled in time.
    expect(MetricTransformations).toEqual([
      { MetricName: 'Late', MetricNamespace: 'ZavuWebhooks/Test', MetricValue: '$.late' },
    ]);
  }
});

test('the dashboard says what is left of both budgets, over thirty days', () => {
  const [[, dashboard] = []] = resources(template, 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(textOf(dashboard?.Properties.DashboardBody)) as {
    widgets: { properties: { title?: string; metrics?: unknown[][] } }[];
  };
  const budget = widgets.find(({ properties }) => properties.title?.startsWith('Left of the budget'));
  expect(budget?.properties).toMatchObject({ start: '-P30D', setPeriodToTimeRange: true });
  const expressions = JSON.stringify(budget?.properties.metrics);
  expect(expressions).toContain('100 - 100 * failed / (0.001 * (requests - refused))');
  expect(expressions).toContain('100 - 100 * late / (0.01 * ended)');
});
