import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Assumptions, readAssumptions } from '../../../cli/cost/assumptions.ts';
import { billFor } from '../../../cli/cost/bill.ts';
import { dashboardShape } from '../../../cli/cost/dashboard.ts';
import { estimate } from '../../../cli/cost/estimate.ts';
import { costOf, prices } from '../../../cli/cost/prices.ts';
import { parseSize } from '../../../cli/cost/quantity.ts';
import { estimateInOneLine } from '../../../cli/cost/report.ts';
import { type CountedMetric, type StackShape, shapeOf } from '../../../cli/cost/stack-shape.ts';
import { fixedUsage } from '../../../cli/cost/usage/fixed.ts';
import { usageOf } from '../../../cli/cost/usage/usage.ts';
import { readSettings } from '../../../lib/settings/settings.ts';
import { WebhookStack } from '../../../lib/webhook-stack.ts';
import type { Resource } from '../../../local/aws/template/assembly.ts';
import { handlers } from '../../support/handlers.ts';
import { synthesizeStack } from '../../support/template.ts';
import { chargedByUse, counted, free } from './resource-types.ts';

type Resources = Readonly<Record<string, Resource>>;
const readResources = (settings: Record<string, string> = {}): Resources =>
  JSON.parse(JSON.stringify(synthesizeStack(settings))).Resources;
const readShape = (settings: Record<string, string> = {}) => shapeOf(readResources(settings));

/** One worker and nothing optional: small enough to calculate by hand. */
const small: StackShape = {
  receiverMb: 512,
  workers: [{ name: 'delivery', memoryMb: 256, types: ['message.sent'], records: false }],
  canaryMb: undefined,
  keeperMb: undefined,
  reconciler: undefined,
  batchSize: 10,
  isTraced: false,
  idempotencyDays: 0,
  messages: undefined,
  areTablesBackedUp: false,
  hasBus: false,
  archive: undefined,
  logRetentionDays: 0,
  countedMetrics: [],
  alarmMetrics: 0,
  compositeAlarms: 0,
  dashboards: [],
  secrets: 0,
};
const plain: Assumptions = {
  durations: {
    receiver: { initMs: 0, invocationMs: 20 },
    worker: { initMs: 0, batchMs: 50, eventMs: 5 },
    canary: { initMs: 0, invocationMs: 1000 },
    keeper: { initMs: 0, invocationMs: 1000 },
    reconciler: { initMs: 0, requestMs: 0 },
  },
  rates: { duplicates: 0, failedAttempts: 0, lateEvents: 0, coldStarts: 0 },
  shares: { 'message.sent': 1 },
  eventsPerItem: 1,
  bytes: {
    answer: 0,
    idempotencyRecord: 0,
    item: 0,
    accessLog: 0,
    receiverLogs: 0,
    workerLogs: 0,
  },
  archive: { waitMs: 0, recordBytes: 0, partitions: 0, jqHoursPerGigabyte: 0 },
  reported: { Seldom: 0, ByReason: 3 },
  reportedWithoutEvents: ['Hourly'],
  reportedByCanary: ['ByScheme'],
  logCompression: 0,
};
const million = { events: 1e6, payloadBytes: 2048, batch: 10 };

/** A metric without a default that all workers share. */
const metric = (name: string): CountedMetric => ({ name, isByWorker: false, hasDefault: false });

/** What a component costs. */
const cost = (component: string, shape = small, traffic = million, assumptions = plain) =>
  billFor(usageOf(shape, traffic, assumptions)).components.find(({ component: name }) => name === component)
    ?.usd;

describe('a million events, by hand', () => {
  test.each([
    // 1,000,000 x $1.00 a million.
    ['HTTP API', 1],
    // $0.20 and 1,000,000 x 0.020 s x 0.5 GB = 10,000 GB-s x $0.0000133334.
    ['receiver', 0.2 + 0.133334],
    // 1,000,000 sends, 100,000 receives, 100,000 deletions at $0.40, and $0.10 for the message groups.
    ['SQS', 0.48 + 0.1],
    // 5 pollers x 2,628,000 s / 20 s = 657,000 receives, minus the 100,000 that brought something.
    ['idle polling', 0.557 * 0.4],
    // 100,000 x $0.20 a million and 100,000 x 0.100 s x 0.25 GB = 2,500 GB-s.
    ['workers', 0.02 + 0.0333335],
    // Two writes each: 2,000,000 x $0.625 a million.
    ['idempotency table', 1.25],
  ])('%s', (component, usd) => {
    expect(cost(component)).toBeCloseTo(usd, 6);
  });

  test('in batches of one each message has its receive, deletion and invocation', () => {
    const singly = { ...million, batch: 1 };
    // 3,000,000 requests.
    expect(cost('SQS', small, singly)).toBeCloseTo(1.2 + 0.1, 6);
    // 1,000,000 x 0.055 s x 0.25 GB = 13,750 GB-s.
    expect(cost('workers', small, singly)).toBeCloseTo(0.2 + 0.18333425, 6);
    expect(cost('idle polling', small, singly)).toBeUndefined();
  });

  test('the messages table takes a write, and another one if it is refused; content makes its items larger', () => {
    const bytes = { ...plain.bytes, item: 700 };
    const shape: StackShape = {
      ...small,
      workers: [{ name: 'delivery', memoryMb: 256, types: ['message.sent'], records: true }],
      messages: { retentionDays: 0, hasContent: false },
    };
    expect(cost('messages table', shape, million, { ...plain, bytes })).toBeCloseTo(0.625, 6);
    // 20,000 events are late, and 30,000 come again: a refused write each.
    const rates = { ...plain.rates, lateEvents: 0.02, failedAttempts: 0.03 };
    expect(cost('messages table', shape, million, { ...plain, bytes, rates })).toBeCloseTo(0.625 * 1.05, 6);
    const full: StackShape = { ...shape, messages: { retentionDays: 0, hasContent: true } };
    // 700 + 2,048 bytes are three writes.
    expect(cost('messages table', full, million, { ...plain, bytes })).toBeCloseTo(1.875, 6);
  });

  test('duplicates and failed attempts', () => {
    const rates = { duplicates: 0.1, failedAttempts: 0.1, lateEvents: 0, coldStarts: 0 };
    const assumptions = { ...plain, rates };
    expect(cost('HTTP API', small, million, assumptions)).toBeCloseTo(1.1, 6);
    // Writes: 2 for each event, 1 for each duplicate, 4 for each failed attempt; and a read for each failed attempt.
    expect(cost('idempotency table', small, million, assumptions)).toBeCloseTo(
      (2 + 0.1 + 0.4) * 0.625 + 0.1 * 0.125,
      6,
    );
    // Sends 1.1 M, receives and deletions 120,000 each, 100,000 changes of visibility.
    expect(cost('SQS', small, million, assumptions)).toBeCloseTo(
      (1.1 + 0.12 + 0.12 + 0.1) * 0.4 + 1.1 * 0.1,
      6,
    );
  });

  test('an event bus takes the event, and its publication has a claim of its own', () => {
    const shape = { ...small, hasBus: true };
    expect(cost('event bus', shape)).toBeCloseTo(1, 6);
    expect(cost('idempotency table', shape)).toBeCloseTo(2.5, 6);
  });
});

describe('the archive, by hand', () => {
  const shape: StackShape = { ...small, archive: { days: 730 / 24 } };
  const archive = { waitMs: 4, recordBytes: 200, partitions: 2, jqHoursPerGigabyte: 0.1 };
  // A GB of records, which Firehose charges as one of 5 KB each.
  const events = 1024 ** 3 / 2248;

  test('records in steps, GB, jq, objects of every quarter of an hour, and the time that the answer waits', () => {
    const usd = cost('archive', shape, { ...million, events }, { ...plain, archive, logCompression: 0.1 });
    // 5,120 / 2,248 GB x $0.029; $0.020; 0.1 h x $0.07; 2 x 2,920 objects twice $5 a million; 0.1 GB x $0.023.
    const firehose = 2.277580071 * 0.029 + 0.02 + 0.007;
    const s3 = 5840 * 0.00001 + 0.0023;
    // 477,643 x 0.004 s x 0.5 GB.
    expect(usd).toBeCloseTo(firehose + s3 + 955.285 * 0.0000133334, 5);
  });

  test('no more objects than events, and none larger than 128 MiB', () => {
    const objects = (traffic: Partial<typeof million>) =>
      usageOf(shape, { ...million, ...traffic }, { ...plain, archive }).find(
        ({ price }) => price === 's3Puts',
      )?.units;
    expect(objects({ events: 50 })).toBe(50);
    // 10 TB are 81,920 times 128 MiB.
    expect(objects({ events: (10 * 1024 ** 4) / 2248 })).toBeCloseTo(81_920, 3);
  });
});

describe('what is charged in steps', () => {
  test('SQS and the bus count every 64 KB', () => {
    const large = { ...million, payloadBytes: 65 * 1024 };
    // A send is 2 requests; a batch of 650 KB is 11, and its deletion 1.
    expect(cost('SQS', small, large)).toBeCloseTo((2 + 1.1 + 0.1) * 0.4 + 2 * 0.1, 6);
    expect(cost('event bus', { ...small, hasBus: true }, large)).toBeCloseTo(2, 6);
  });

  test('Lambda counts whole milliseconds, and the start of an execution environment', () => {
    const receiver = { initMs: 250, invocationMs: 20.2 };
    const assumptions = {
      ...plain,
      durations: { ...plain.durations, receiver },
      rates: { ...plain.rates, coldStarts: 0.01 },
    };
    // 21 ms, and 2.5 for the start of every hundredth.
    expect(cost('receiver', small, million, assumptions)).toBeCloseTo(
      0.2 + 0.0235 * 0.5 * 1e6 * 0.0000133334,
      6,
    );
  });

  test('prices fall with volume', () => {
    expect(costOf(400e6, prices.httpApi)).toBeCloseTo(300 + 90, 6);
    expect(costOf(60 * 1024, prices.logs)).toBeCloseTo(
      1024 * (10 * 0.5 + 20 * 0.25 + 20 * 0.1 + 10 * 0.05),
      6,
    );
    expect(costOf(0, prices.httpApi)).toBe(0);
  });
});

test('traces: every request up to one a second, then every twentieth', () => {
  const traced = { ...small, isTraced: true };
  // All of them, and a trace for each of 100,000 batches.
  expect(cost('traces', traced)).toBeCloseTo(5 * 1.1, 6);
  // 2,628,000 seconds a month, 5 % of 7,372,000, and a million batches.
  expect(cost('traces', traced, { ...million, events: 1e7 })).toBeCloseTo(5 * (2.628 + 0.3686 + 1), 6);
});

test('logs are taken in, and stored compressed', () => {
  const gigabyte = 1024 ** 3;
  const bytes = { ...plain.bytes, receiverLogs: gigabyte / 1e6, accessLog: gigabyte / 1e6 };
  const assumptions = { ...plain, bytes, logCompression: 0.1 };
  const shape = { ...small, logRetentionDays: 730 / 24 };
  expect(cost('logs', shape, million, assumptions)).toBeCloseTo(2 * 0.5 + 2 * 0.1 * 0.03, 6);
});

test('what is not used costs nothing, and the free tier is a figure of its own', () => {
  const usages = [
    { component: 'a', price: 'lambdaRequests', units: 1.5e6 },
    { component: 'b', price: 'lambdaRequests', units: 0.5e6 },
    { component: 'b', price: 'alarms', units: 4 },
  ] as const;
  const { components, total, free } = billFor(usages);
  expect(components).toEqual([
    { component: 'a', usd: expect.closeTo(0.3) },
    { component: 'b', usd: expect.closeTo(0.1 + 0.4) },
  ]);
  expect(total).toBeCloseTo(0.8);
  // A million invocations, and all of the alarms.
  expect(free).toBeCloseTo(0.2 + 0.4);
  expect(fixedUsage(small, plain, true).reduce((sum, { units }) => sum + units, 0)).toBe(0);
});

test('a batch cannot be larger than the batch size of the template', () => {
  expect(() => usageOf(small, { ...million, batch: 11 }, plain)).toThrow('between 1 and 10');
});

describe('metrics, by hand', () => {
  const workers = ['delivery', 'inbound', 'account'].map((name) => ({
    name,
    memoryMb: 256,
    types: [],
    records: false,
  }));
  const shape: StackShape = {
    ...small,
    workers,
    countedMetrics: [
      metric('Often'),
      metric('Seldom'),
      metric('ByReason'),
      metric('Hourly'),
      metric('ByScheme'),
      { ...metric('ByWorker'), isByWorker: true },
    ],
  };
  const unitsOf = (with_: StackShape, hasTraffic: boolean) =>
    fixedUsage(with_, plain, hasTraffic).find(({ price }) => price === 'metrics')?.units ?? 0;

  test('what does not happen costs nothing, and each value of a dimension is a metric', () => {
    // Often, three reasons, Hourly, a scheme, and three workers.
    expect(unitsOf(shape, true)).toBe(1 + 3 + 1 + 1 + 3);
  });

  test('without events there is what is reported all the same, and what the canary reports', () => {
    expect(unitsOf(shape, false)).toBe(1);
    expect(unitsOf({ ...shape, canaryMb: 256 }, false)).toBe(1 + 1);
  });

  test('a default is a value of every hour, if anything is logged', () => {
    const filled = { ...small, countedMetrics: [{ ...metric('Seldom'), hasDefault: true }] };
    expect(unitsOf(filled, true)).toBe(1);
    expect(unitsOf(filled, false)).toBe(0);
    expect(unitsOf({ ...filled, canaryMb: 256 }, false)).toBe(1);
  });
});

describe('dashboards', () => {
  /** What dashboards cost, and how much of it the free tier takes off. */
  const billOf = (...dashboards: StackShape['dashboards']) => {
    const { total, free } = billFor(fixedUsage({ ...small, dashboards }, plain, true));
    return { total, free };
  };

  test.each([
    ['of 50 metrics', { metrics: 50, searched: [] }, 3],
    ['of 51 metrics', { metrics: 51, searched: [] }, 0],
    ['of 47 metrics, and three that a search finds', { metrics: 47, searched: ['ByReason', 'Seldom'] }, 3],
    ['of 48 metrics, and three that a search finds', { metrics: 48, searched: ['ByReason', 'Seldom'] }, 0],
    ['that cannot be read', undefined, 0],
  ])('one %s', (_which, dashboard, free) => {
    expect(billOf(dashboard)).toEqual({ total: 3, free });
  });

  test('no more than three are free, and a large one is none of them', () => {
    const [little, large] = [
      { metrics: 1, searched: [] },
      { metrics: 51, searched: [] },
    ];
    expect(billOf(little, little, little, large)).toEqual({ total: 12, free: 9 });
    expect(billOf(little, little, little, little)).toEqual({ total: 12, free: 9 });
  });

  test('a metric that is shown twice counts once, and one of the same name for another queue is another one', () => {
    const row = (of: unknown) => ['["AWS/SQS","Sent","QueueName","', of, '",{"stat":"Sum"}]'];
    const bodyOf = (...rows: unknown[][]) => ({
      'Fn::Join': ['', ['{"widgets":[{"type":"metric","properties":{"metrics":[', ...rows.flat(), ']}}]}']],
    });
    const twice = bodyOf(row({ Ref: 'One' }), [','], row({ Ref: 'One' }));
    const both = bodyOf(row({ Ref: 'One' }), [','], row({ 'Fn::GetAtt': ['Other', 'QueueName'] }));
    expect(dashboardShape(twice)).toEqual({ metrics: 1, searched: [] });
    expect(dashboardShape(both)).toEqual({ metrics: 2, searched: [] });
    expect(dashboardShape('{"widgets":[{"type":"log"}]}')).toBeUndefined();
  });

  test.each([
    ['with four workers is free', {}, [], 3],
    ['with a fifth worker is not', {}, ['old'], 0],
    ['with `reconcile` is not', { reconcile: 'true' }, [], 0],
  ])('ours %s', (_which, settings, more, free) => {
    const app = new App({ context: { dashboard: 'true', ...settings } });
    const table = { ...handlers, workers: [...handlers.workers, ...more] };
    const stack = new WebhookStack(app, 'Test', { handlers: table, settings: readSettings(app.node) });
    const { dashboards } = shapeOf(JSON.parse(JSON.stringify(Template.fromStack(stack))).Resources);
    const { assumptions } = readAssumptions();
    expect(billFor(fixedUsage({ ...small, dashboards }, assumptions, true))).toMatchObject({
      total: 3,
      free,
    });
  });
});

test('the keeper of pauses runs every five minutes; what it reports of a pause costs nothing while there is none', () => {
  const used = usageOf(
    { ...small, keeperMb: 1024, isTraced: true, countedMetrics: [metric('Seldom')] },
    { events: 1e6, payloadBytes: 1000, batch: 10 },
    plain,
  );
  const unitsOf = (name: string, of: string) =>
    used.find(({ component, price }) => component === name && price === of)?.units;
  const runs = (730 * 3600) / 300;
  expect(unitsOf('pauses', 'lambdaCompute')).toBeCloseTo(runs);
  expect(unitsOf('pauses', 'dynamoReads')).toBe(runs);
  expect(unitsOf('pauses', 'traces')).toBe(runs);
  expect(unitsOf('metrics', 'metrics')).toBeUndefined();
});

describe('the reconciler, by hand', () => {
  const shape: StackShape = {
    ...small,
    reconciler: { memoryMb: 512, requestsPerMinute: 60 },
    isTraced: true,
    messages: { retentionDays: 0, hasContent: false },
  };
  const assumptions: Assumptions = {
    ...plain,
    durations: { ...plain.durations, reconciler: { initMs: 500, requestMs: 400 } },
    eventsPerItem: 4,
  };
  const unitsOf = (traffic: typeof million, price: string, with_ = shape) =>
    usageOf(with_, traffic, assumptions)
      .filter((usage) => usage.component === 'reconcile' && usage.price === price)
      .reduce((sum, { units }) => sum + units, 0);

  test('a month without events: 730 runs of ten requests', () => {
    const idle = { ...million, events: 0 };
    // Ten requests of 400 ms, and the start: 4.5 s at half a gigabyte.
    expect(unitsOf(idle, 'lambdaCompute')).toBeCloseTo(730 * 4.5 * 0.5);
    for (const price of ['lambdaRequests', 'secretCalls', 'traces'])
      expect(unitsOf(idle, price)).toBeCloseTo(730);
    expect(unitsOf(idle, 'dynamoReads')).toBeCloseTo(7_300);
    expect(unitsOf(idle, 'dynamoWrites')).toBeCloseTo(14_600);
  });

  test('ten million events: their objects are looked up, and a run waits for its requests a minute', () => {
    const much = { ...million, events: 1e7 };
    // 2,500,000 objects are 3,425 an hour; a walk passes 7.35 hours of them, 100 a page: 251.7 pages.
    const requests = 10 + (2.5e6 / 730) * (7.35 / 100);
    expect(requests).toBeCloseTo(261.7, 1);
    expect(unitsOf(much, 'dynamoReads')).toBeCloseTo(2.5e6 * 1.25 + 7_300);
    expect(unitsOf(much, 'dynamoWrites')).toBeCloseTo(2 * 730 * requests);
    // At 60 a minute they take 200.7 s more than the first minute's; at 600 their own 104.7 s.
    expect(unitsOf(much, 'lambdaCompute')).toBeCloseTo(730 * 0.5 * (0.5 + requests - 60));
    const hurried = { ...shape, reconciler: { memoryMb: 512, requestsPerMinute: 600 } };
    expect(unitsOf(much, 'lambdaCompute', hurried)).toBeCloseTo(730 * 0.5 * (0.5 + requests * 0.4));
    // It ends with its function's time.
    expect(unitsOf({ ...million, events: 1e9 }, 'lambdaCompute')).toBeCloseTo(730 * 0.5 * 855.5);
  });

  test('a thousand recovered events cost what events cost behind the receiver, and a write for the claim each', () => {
    const { perThousandRecovered, bill } = estimate(shape, { ...million, events: 1000 }, assumptions);
    const of = (name: string) => bill.components.find(({ component }) => component === name)?.usd ?? 0;
    const behind = of('SQS') + of('workers') + of('idempotency table') + of('messages table');
    expect(perThousandRecovered).toBeCloseTo(behind + 0.000625, 6);
  });

  test('without it nothing of it costs', () => {
    expect(unitsOf(million, 'lambdaRequests', small)).toBe(0);
    expect(estimate(small, million, assumptions).perThousandRecovered).toBeUndefined();
  });
});

test('in a month without any event the canary makes metrics and traces', () => {
  const usages = usageOf(
    { ...small, canaryMb: 256, isTraced: true, countedMetrics: [metric('ByScheme'), metric('Often')] },
    { ...million, events: 0 },
    plain,
  );
  const units = (name: string) => usages.find(({ price }) => price === name)?.units;
  expect(units('metrics')).toBe(1);
  // 8,760 runs, and for each run a request and a batch of the one worker.
  expect(units('traces')).toBeCloseTo(3 * 8_760, 6);
});

describe('with everything switched on', () => {
  const off = Object.entries(readSettings(new App().node)).filter(([, value]) => value === false);
  const everything = readResources({
    ...Object.fromEntries(off.map(([name]) => [name, 'true'])),
    // cdk.json lowers it for `dev`.
    retainData: 'true',
    alarmEmail: 'a@example.com',
    noTrafficAlarmHours: '24',
  });
  const types = new Set(Object.values(everything).map(({ Type }) => Type));

  test('of every metric it is known how much of it a healthy month reports', () => {
    const { reported, reportedWithoutEvents, reportedByCanary } = readAssumptions().assumptions;
    const names = shapeOf(everything).countedMetrics.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(reported).toSorted());
    expect(names).toEqual(expect.arrayContaining([...reportedWithoutEvents, ...reportedByCanary]));
  });

  test('every type of resource has its price, or is known to be free', () => {
    expect([...types].toSorted()).toEqual([...counted, ...chargedByUse, ...Object.keys(free)].toSorted());
  });

  test.each(counted)('%s counts', (type) => {
    const { assumptions } = readAssumptions();
    const totalOf = (resources: Resources) => estimate(shapeOf(resources), million, assumptions).bill.total;
    const without = Object.fromEntries(Object.entries(everything).filter(([, { Type }]) => Type !== type));
    const change = () => totalOf(everything) - totalOf(without);
    // A stack without functions is not a stack of this repository.
    if (type === 'AWS::Lambda::Function') expect(change).toThrow();
    else expect(change()).toBeGreaterThan(0);
  });
});

describe('a template', () => {
  test('with the default settings', () => {
    expect(readShape()).toMatchObject({
      receiverMb: 512,
      workers: [
        { name: 'inbound', memoryMb: 512, records: true },
        { name: 'delivery', memoryMb: 512, records: true },
        { name: 'templates', memoryMb: 512, records: true },
        { name: 'account', memoryMb: 512, records: true },
      ],
      canaryMb: undefined,
      keeperMb: 256,
      batchSize: 10,
      isTraced: false,
      messages: { retentionDays: 90, hasContent: false },
      areTablesBackedUp: false,
      hasBus: false,
      archive: undefined,
      logRetentionDays: 30,
      compositeAlarms: 0,
      dashboards: [],
      secrets: 1,
    });
  });

  test('with a dashboard, whose metrics have their own', () => {
    const namesOf = (settings: Record<string, string>) =>
      readShape(settings).countedMetrics.map(({ name }) => name);
    expect(namesOf({ dashboard: 'true' })).toEqual(expect.arrayContaining(namesOf({})));
    const { countedMetrics } = readShape({ dashboard: 'true' });
    expect(countedMetrics).toContainEqual({ name: 'EndToEnd', isByWorker: true, hasDefault: false });
    expect(countedMetrics).toContainEqual({ name: 'Verified', isByWorker: false, hasDefault: false });
  });

  test('with settings', () => {
    const shape = readShape({
      stage: 'prod',
      receiverMemoryMb: '1024',
      messagesTable: 'false',
      eventBus: 'true',
      canary: 'true',
      tracing: 'true',
    });
    expect(shape).toMatchObject({
      receiverMb: 1024,
      canaryMb: 256,
      messages: undefined,
      areTablesBackedUp: true,
      hasBus: true,
      logRetentionDays: 90,
      isTraced: true,
    });
    // The runs and failures of the canary, and whether it has begun.
    expect(shape.alarmMetrics - readShape().alarmMetrics).toBe(2 + 1);
    expect(shape.compositeAlarms - readShape().compositeAlarms).toBe(1);
  });

  test('of another stack is refused', () => {
    expect(() => shapeOf({})).toThrow('no receiver');
  });
});

test('durations that were measured replace the assumed ones', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'zavu-durations-')), 'results.json');
  expect(readAssumptions(file).durationsFrom).toBe('cli/cost/assumptions.json');
  const { receiver, worker } = plain.durations;
  writeFileSync(file, JSON.stringify({ durations: { receiver, worker }, other: true }));
  expect(readAssumptions(file)).toMatchObject({
    durationsFrom: `${file}, cli/cost/assumptions.json`,
    assumptions: { durations: { ...readAssumptions().assumptions.durations, receiver, worker } },
  });
  writeFileSync(file, JSON.stringify({ durations: { receiver: 'fast' } }));
  expect(() => readAssumptions(file)).toThrow();
});

test.each([
  ['10M', 10_000_000],
  ['500k', 500_000],
  ['2KB', 2_048],
  ['1.5', 1.5],
])('%s is %d', (text, value) => {
  expect(parseSize('--events', text)).toBe(value);
});

test.each(['', 'many', '-1', '10X', '1e9'])('%j is no number', (text) => {
  expect(() => parseSize('--events', text)).toThrow('--events must be a number, like 500k, 10M or 2KB.');
});

test.each(Object.entries(prices))('the price %s has its page and its date', (_name, { source, asOf }) => {
  expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
  expect(asOf).toMatch(/^20\d\d-\d\d$/);
});

describe('the documents say what the command prints:', () => {
  const { assumptions } = readAssumptions();
  const traffic = { events: 10e6, payloadBytes: 2048, batch: 10 };
  const estimateOf = (settings: Record<string, string> = {}) =>
    estimate(readShape(settings), traffic, assumptions);
  const read = (file: string) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');

  test('a month costs', () => {
    expect(read('README.md')).toContain(estimateInOneLine(estimateOf()));
  });

  test.each([
    ['docs/cost.md', { eventBus: 'true' }],
    ['docs/fan-out.md', { eventBus: 'true' }],
    ['docs/archive.md', { archive: 'true' }],
  ])('a setting adds, %s %j', (file, settings) => {
    const added = (estimateOf(settings).bill.total - estimateOf().bill.total) / 10;
    expect(read(file)).toContain(`$${added.toFixed(2)} per million`);
  });

  test.each([
    ['archive', 'docs/archive.md', { archive: 'true' }],
    ['messages table', 'docs/handlers.md', {}],
  ])('%s costs, %s', (component, file, settings) => {
    const { components } = estimateOf(settings).bill;
    const usd = components.find(({ component: name }) => name === component)?.usd ?? 0;
    expect(read(file)).toContain(`$${(usd / 10).toFixed(2)} per million`);
  });
});
