import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseEventSources } from '../../lambda/pauses/event-sources.ts';
import { setPolling, stateOf } from '../../lambda/pauses/polling.ts';
import { listNames } from '../../lambda/reconcile/api/zavu-project.ts';
import { createProgress } from '../../lambda/reconcile/progress.ts';
import { webhookEvents } from '../../lambda/zavu/subscription.ts';
import type { Metric } from '../../local/aws/cloudwatch/metric.ts';
import { alarmTitle } from '../../local/report/text-reporter.ts';
import { exchange } from '../../testing/conformance/raw-http.ts';
import { signBytes } from '../../testing/conformance/signature.ts';
import type { Grant, Ready } from '../../testing/report-line.ts';
import { everySetting } from '../cfn-lint/every-setting.ts';
import { assemblyOf } from '../support/assembly.ts';
import { runCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { FaultyStack } from '../support/faulty-stack.ts';
import { FiredAlarms } from '../support/fired-alarms.ts';
import { routes, type WorkerName, workerNames } from '../support/handlers.ts';
import { type NamedMetric, namedMetrics, unfed } from '../support/named-metrics.ts';
import { describeFor, measuredQueues } from '../support/needs.ts';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';
import { StartedStack } from '../support/started-stack.ts';
import { synthesizeStack } from '../support/template.ts';
import { usesOf } from '../support/uses.ts';
import { deliver, inbound, post } from '../support/webhook.ts';
import { simulateHistory } from '../support/zavu-api/history.ts';
import { ZavuApi } from '../support/zavu-api/zavu-api.ts';
import { orders } from './orders.ts';

/**
 * Every alarm of the fullest stack, fired by its real cause over the wire: its notification is taken and read, and it
 * clears once the cause is gone. Each stack has its story, and all are told at the same time.
 */

/** More attempts than handlers fail on a machine that is busy. */
const settings = { ...everySetting, noTrafficAlarmHours: '1', retryDelaysSeconds: '2,2,2' };
/** A minute of CloudWatch's is a second. */
const minutely = '--speed=60';
/** An hour is three seconds. */
const hourly = 1200;
const hour = 3_600_000 / hourly;

/** The settings of a client of a local run. */
const clientOf = ({ credentials }: Ready) => ({ region: 'us-east-1', credentials });

/** An alarm's name without its worker's, and the alarms that no story fires, with what keeps them from it. */
const unfired: Readonly<Record<string, string>> = {
  ArchiveDelayed: 'the local Firehose delivers at once, so that no record grows old',
  IdempotencyThrottled: 'no emulator of DynamoDB throttles a table that is paid by request',
};

/** Metrics that an alarm or a widget names and that no story can make: name, and how a dimension's value begins. */
const unmade: readonly { name: string; dimension: string; because: string }[] = [
  {
    name: 'WriteThrottleEvents',
    dimension: 'IdempotencyTable',
    because: 'no emulator of DynamoDB throttles a table that is paid by request',
  },
];

const stories = { deadLetters, failures, refusals, throttling, silence, recovery };
type Story = keyof typeof stories;
const told = new Map<Story, Promise<void>>();
const stacks: StartedStack[] = [];
const ends: (() => Promise<unknown>)[] = [];
const recorded: Metric[] = [];

let queues: StartedStack;
let faults: FaultyStack;
let full: StartedStack;
let quiet: StartedStack;
let zavu: ZavuApi;
/** Whose .env.local leads to the stand-in for Zavu's API. */
let copy: ProjectCopy;

/** All that alarms say of those who are told, where no other topic is. */
const mailed = { delivered: true, readers: [settings.alarmEmail] };

/** Somebody's pager, whose topic is not in the template. */
const pager = { pagingTopicArn: 'arn:aws:sns:us-east-1:000000000000:Pager' };
const paged = {
  delivered: 'unknown',
  readers: [settings.alarmEmail],
  reason: 'a topic of your own: its policy is not known here',
};

function sqsOf(stack: StartedStack): SQSClient {
  const sqs = new SQSClient({
    ...clientOf(stack.ready),
    endpoint: stack.ready.endpoints.sqs,
    useQueueUrlAsEndpoint: false,
  });
  ends.unshift(async () => sqs.destroy());
  return sqs;
}

function urlOf(stack: StartedStack, name: string): string {
  return Object.entries(stack.ready.queues).find(([id]) => id.startsWith(name))?.[1] ?? '';
}

/** An event for a worker whose handler does as its text says. */
function eventFor(worker: WorkerName, text: string) {
  const event = inbound(text);
  return worker === 'inbound' ? event : { ...event, type: routes.typesOf(worker)[0] };
}

/** So many at once, as one cause. */
async function several(times: number, what: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: times }, what));
}

/** One dead letter stays, and then there are more; then all of them go. */
async function deadLetters(): Promise<void> {
  const alarms = new FiredAlarms(queues);
  const sqs = sqsOf(queues);
  const QueueUrl = urlOf(queues, 'InboundWorkerDeadLetterQueue');
  const failing = [inbound(orders.refuseUntilFixed), inbound(orders.refuseUntilFixed)] as const;

  const [first] = await alarms.fire(
    ['DeadLettersInbound'],
    once(() => deliver(queues, failing[0])),
  );
  expect(first).toMatchObject(mailed);
  // Whether the first dead letter is growth depends on when the first minute ended.
  await alarms.clear(['MoreDeadLettersInbound']);
  const [more] = await alarms.fire(
    ['MoreDeadLettersInbound'],
    once(() => deliver(queues, failing[1])),
  );
  expect(more).toMatchObject(mailed);
  expect(alarms.times('DeadLettersInbound')).toBe(1);
  expect(alarms.isOn('DeadLettersInbound')).toBe(true);
  await alarms.clear(['MoreDeadLettersInbound']);

  // A redrive has them in hand for as long as it takes, and gives back those that it does not choose.
  const growths = alarms.times('MoreDeadLettersInbound');
  const held = new Map<string, string>();
  await eventually(
    async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      for (const { Body = '', ReceiptHandle = '' } of Messages) held.set(ReceiptHandle, Body);
      return failing.every(({ id }) => [...held.values()].some((body) => body.includes(id)));
    },
    () => `both dead letters; there were ${held.size}`,
  );
  await alarms.clear(['DeadLettersInbound']);
  for (const ReceiptHandle of held.keys()) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  await alarms.fire(['DeadLettersInbound']);
  queues.fix();
  expect(await runCommand('dead-letters', ['redrive', '--all'], queues)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('dead letters redriven'),
  });
  await alarms.clear(['DeadLettersInbound']);
  expect(alarms.times('MoreDeadLettersInbound')).toBe(growths);
}

/** What goes wrong in functions, and what comes that nobody expects. */
async function failures(): Promise<void> {
  const alarms = new FiredAlarms(queues);
  const sqs = sqsOf(queues);
  const firehose = new FirehoseClient({
    ...clientOf(queues.ready),
    endpoint: queues.ready.endpoints.firehose,
  });
  ends.unshift(async () => firehose.destroy());
  const DeliveryStreamName = queues.ready.grants
    .find(({ action }) => action === 'firehose:PutRecord')
    ?.resource.split('/')[1];
  const Record = { Data: Buffer.from('no record') };

  const fires = async (names: string[], cause: () => Promise<unknown>, remedy?: () => Promise<unknown>) => {
    for (const line of await alarms.fire(names, cause)) expect(line).toMatchObject(mailed);
    await alarms.clear(names, remedy);
  };
  await Promise.all([
    fires(
      ['UnroutedEvents', 'UnreadableEvents'],
      // Unreadable, and unrouted for it.
      once(() => postSigned(queues, '{')),
      once(() => sqs.send(new PurgeQueueCommand({ QueueUrl: urlOf(queues, 'ReceiverUnroutedQueue') }))),
    ),
    fires(['SignedRefused'], () => postSigned(queues, JSON.stringify(inbound('hello')), 3_600)),
    fires(['RejectedSignatures'], () =>
      several(10, () => post(queues, inbound('hello'), { secret: 'whsec_stranger' })),
    ),
    fires(['WorkerErrorsTemplates'], () => deliver(queues, eventFor('templates', orders.dieOnce))),
    fires(
      ['SchemaDrift'],
      once(() => deliver(queues, { ...inbound('hello'), type: 'invitation.status_changed' })),
    ),
    fires(
      ['ArchiveErrors'],
      once(() => firehose.send(new PutRecordCommand({ DeliveryStreamName, Record }))),
    ),
    lateness(alarms),
    sharedId(),
    ...workerNames.map(throughWorker),
  ]);
}

/** Events are dead-lettered, which is later than any. */
async function lateness(alarms: FiredAlarms): Promise<void> {
  const lines = await alarms.fire(
    ['HandlingFastBurn', 'HandlingSlowBurn'],
    once(() => several(20, () => deliver(queues, eventFor('delivery', orders.refuse)))),
  );
  for (const line of lines) expect(line).toMatchObject(mailed);
  await alarms.clear(['HandlingFastBurn']);
}

/** Two projects use an id. The receiver sees it if one execution environment takes both events. */
async function sharedId(): Promise<void> {
  const event = inbound('hello');
  const isNoticed = () =>
    queues.reports.some((each) => each.event === 'log' && each.line?.includes('"shared_id"'));
  await eventually(
    async () => {
      for (const projectId of ['prj_one', 'prj_other']) await deliver(queues, { ...event, projectId });
      return isNoticed();
    },
    () => 'an id that two projects use',
  );
}

/** What a worker measures of an event: how long it took. And a retry and a duplicate, which take nothing from it. */
async function throughWorker(worker: WorkerName): Promise<void> {
  const event = eventFor(worker, orders.throwOnce);
  await deliver(queues, event);
  await queues.until(event.id, ['handled']);
  await deliver(queues, event);
  await queues.until(event.id, ['duplicate']);
}

/**
 * The services behind the receiver go: SQS refuses, then hangs; Firehose refuses; the receiver is killed; the secrets
 * cannot be read.
 */
async function refusals(): Promise<void> {
  const { stack, services } = faults;
  const alarms = new FiredAlarms(stack);
  const posts = () => several(5, () => post(stack, inbound('hello')));
  services.sqs.become('refusing', 'SendMessage');
  services.firehose.become('refusing');
  const refused = await alarms.fire(
    [
      ...['ReceiverUnavailable', 'ReceiverServerErrors', 'ArchiveIncomplete'],
      ...['AcceptanceFastBurn', 'AcceptanceSlowBurn'],
    ],
    posts,
  );
  services.sqs.become('hanging', 'SendMessage');
  const late = await alarms.fire(['ReceiverSlow', 'Canary'], posts);
  const killed = await alarms.fire(['ReceiverErrors'], async () => {
    const posting = posts();
    const running = () => stack.kill('ReceiverFunction');
    await eventually(
      async () => (await running()) > 0,
      () => 'a receiver at work',
    );
    await posting;
  });
  for (const line of [...refused, ...late, ...killed]) expect(line).toMatchObject(mailed);
  faults.recover();
  // Whoever starts asks for the secrets.
  services.secretsManager.become('refusing');
  const secretless = await alarms.fire(['SecretUnreadable'], async () => {
    await stack.kill('ReceiverFunction');
    await posts();
  });
  for (const line of secretless) expect(line).toMatchObject(mailed);
  faults.recover();
  services.dynamoDb.become('refusing');
  const [unkept] = await alarms.fire(['PausesNotKept']);
  expect(unkept).toMatchObject(mailed);
  faults.recover();
  await pauses(alarms);
  await alarms.clear([
    ...['SecretUnreadable', 'ReceiverUnavailable', 'ReceiverServerErrors', 'ArchiveIncomplete'],
    ...['ReceiverSlow', 'Canary', 'ReceiverErrors', 'PausesNotKept', 'WorkerPaused'],
    // The slow one stays for half an hour of CloudWatch's: alarm-causes.ts clears it.
    'AcceptanceFastBurn',
  ]);
}

/** Somebody stops the event source of a worker by hand, and forgets it. */
async function pauses(alarms: FiredAlarms): Promise<void> {
  const { outputs, endpoints } = faults.stack.ready;
  const lambda = new LambdaClient({ ...clientOf(faults.stack.ready), endpoint: endpoints.lambda });
  const id = parseEventSources(outputs.EventSources ?? '').find(({ worker }) => worker === 'templates')?.id;
  await setPolling(lambda, id ?? '', false);
  const [paused] = await alarms.fire(['WorkerPaused']);
  expect(paused).toMatchObject(mailed);
  await eventually(
    async () => (await stateOf(lambda, id ?? '')) === 'Disabled',
    () => 'the event source to be off',
  );
  await setPolling(lambda, id ?? '', true);
  lambda.destroy();
}

/** An account without any concurrency, behind a stage that lets few requests in, and a pager that hears of each. */
async function throttling(): Promise<void> {
  const alarms = new FiredAlarms(full);
  const QueueUrl = urlOf(full, 'DeliveryWorkerQueue');
  const sqs = sqsOf(full);
  const paging = ['StageThrottled', 'ReceiverThrottles', 'QueueBacklogDelivery'];
  const lines = await alarms.fire([...paging, 'WorkerThrottlesDelivery'], async () => {
    // Ten are let in at once.
    await Promise.all(Array.from({ length: 20 }, () => post(full, inbound('hello'))));
    await full.enqueue('DeliveryWorkerQueue', JSON.stringify(eventFor('delivery', 'hello')));
  });
  const [worker] = lines.splice(-1);
  expect(worker).toMatchObject(mailed);
  // Each by itself, though the others are on.
  for (const line of lines) expect(line).toMatchObject(paged);
  await alarms.clear(
    [...paging, 'WorkerThrottlesDelivery'],
    once(() => sqs.send(new PurgeQueueCommand({ QueueUrl }))),
  );
  // The pager's incident is resolved.
  for (const name of paging) {
    const { reason } = paged;
    expect(alarms.of(name).at(-1)).toMatchObject({ state: 'OK', delivered: 'unknown', reason });
  }
}

/** Nothing comes to a fresh stack; then events, then nothing any more. */
async function silence(): Promise<void> {
  const alarms = new FiredAlarms(quiet);
  const name = 'NothingReceived';
  // Its silence has begun, and is nobody's business yet.
  await eventually(
    () => alarms.isOn('NothingReceivedSilence'),
    () => 'the silence of a fresh stack',
  );
  await alarms.clear(['NothingReceivedSilence'], () => deliver(quiet, inbound('hello')));
  // Until it counts as begun, which no line says: events of two hours.
  const begun = Date.now();
  await eventually(
    async () => {
      await deliver(quiet, inbound('hello'));
      return Date.now() - begun > 3 * hour;
    },
    () => 'three hours of events',
  );
  expect(alarms.of(name)).toEqual([]);
  const [line] = await alarms.fire([name]);
  expect(line).toMatchObject(mailed);
  await alarms.clear([name], () => deliver(quiet, inbound('hello')));
}

/**
 * No API key is stored. When there is one, the last run was eight days ago, Zavu has given up on all that happened since, and
 * somebody has switched off the webhook of a sender.
 */
async function recovery(): Promise<void> {
  const alarms = new FiredAlarms(quiet);
  const { outputs, endpoints, url } = quiet.ready;
  const [overdue] = await alarms.fire(['ReconcileOverdue']);
  expect(overdue).toMatchObject(mailed);

  const dynamoDb = new DynamoDBClient({ ...clientOf(quiet.ready), endpoint: endpoints.dynamodb });
  ends.unshift(async () => dynamoDb.destroy());
  const progress = createProgress({ client: dynamoDb, tableName: outputs.MessagesTableName ?? '' });
  const [now, dayMs] = [Date.now(), 86_400_000];
  for (const list of listNames) {
    await progress.save(zavu.project.id, list, { since: now - 9 * dayMs, doneTo: now - 8 * dayMs });
  }
  const [sender, projectId] = ['snd_switched_off', zavu.project.id];
  const span = { from: now - 2 * dayMs, to: now - dayMs };
  zavu.project.load(
    simulateHistory({ seed: 1, projectId, senderIds: [sender], ...span, messages: 30 }).versions,
  );
  const { webhook } = zavu.add(sender, { url, events: [...webhookEvents(routes)], active: false });
  expect(
    await runCommand('secrets', ['api-key'], {
      stateFile: quiet.stateFile,
      env: zavu.env,
      input: zavu.apiKey,
    }),
  ).toMatchObject({ code: 0, stdout: expect.not.stringContaining(zavu.apiKey) });
  const names = ['EventsRecovered', 'ReconcileTruncated', 'RegistrationDiffers'];
  for (const line of await alarms.fire(names)) expect(line).toMatchObject(mailed);
  if (webhook) webhook.active = true;
  await alarms.clear([...names, 'ReconcileOverdue']);

  const { assembly, resolve } = assemblyOf(synthesizeStack(settings).toJSON().Resources);
  const uses = usesOf(assembly, resolve).filter(({ principal }) => principal.includes('Reconcile'));
  const nameOf = ({ principal, action, resource }: Grant) => [principal, action, resource].join(' ');
  const used = new Set(quiet.granted.map(nameOf));
  expect(uses.length).toBeGreaterThan(8);
  expect(uses.map(nameOf).filter((use) => !used.has(use))).toEqual([]);
}

/** A cause that is given once, however often it is asked for. */
function once(what: () => Promise<unknown>): () => Promise<unknown> {
  let given: Promise<unknown> | undefined;
  return () => {
    given ??= what();
    return given;
  };
}

/** Posts any text with a signature of its own, some seconds old. */
async function postSigned(stack: StartedStack, text: string, ageSeconds = 0): Promise<void> {
  const body = Buffer.from(text);
  const at = Math.floor(Date.now() / 1000) - ageSeconds;
  const headers = {
    'content-type': 'application/json',
    'x-zavu-signature': signBytes(body, 'v2', stack.ready.secret, at),
  };
  await exchange(stack.ready.url, { body, headers });
}

describeFor(measuredQueues, 'the alarms of the fullest stack', () => {
  beforeAll(async () => {
    zavu = await ZavuApi.start();
    copy = copyProject();
    writeFileSync(join(copy.directory, '.env.local'), `ZAVU_API_URL=${zavu.url}\n`);
    ends.push(() => zavu.stop());
    const starting = [
      StartedStack.start({ settings, options: [minutely] }),
      FaultyStack.start(settings, [minutely]),
      StartedStack.start({
        settings: { ...settings, ...pager, throttleRate: '5' },
        options: [minutely, '--concurrency=0'],
      }),
      StartedStack.start({
        directory: copy.directory,
        settings: { ...settings, canary: 'false', archive: 'false', reconcileRequestsPerMinute: '600' },
        options: [`--speed=${hourly}`],
      }),
    ] as const;
    // What started must end, whatever becomes of the others.
    for (const each of starting) void each.then((stack) => ends.push(() => stack.stop())).catch(() => {});
    await Promise.allSettled(starting);
    [queues, faults, full, quiet] = await Promise.all(starting);
    stacks.push(queues, faults.stack, full, quiet);
    for (const [name, tell] of Object.entries(stories) as [Story, () => Promise<void>][]) {
      const telling = tell();
      telling.catch(() => {});
      told.set(name, telling);
    }
  });

  afterAll(async () => {
    await Promise.allSettled(told.values());
    const ended = await Promise.allSettled(ends.map((end) => end()));
    copy.remove();
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  });

  test.each(Object.keys(stories) as Story[])(
    'the story of %s: each alarm fires by its cause, its notification is read, and it clears when the cause is gone',
    async (name) => {
      await told.get(name);
    },
  );

  describe('when all stories are over', () => {
    beforeAll(async () => {
      await Promise.all(told.values());
    });

    const { assembly, resolve } = assemblyOf(synthesizeStack(settings).toJSON().Resources);
    const { resources } = assembly;
    const subjects = workerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
    /** Without the worker's name: one of them stands for all. */
    const kindOf = (title: string) => title.replace(new RegExp(`(${subjects.join('|')})$`), '');

    test('every alarm that notifies somebody has fired, or a list says why it cannot', () => {
      const acting = Object.entries(resources)
        .filter(([, { Type }]) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type))
        .filter(([, { Properties }]) => Properties.AlarmActions)
        .map(([id]) => kindOf(alarmTitle(id)));
      const fired = stacks.flatMap(({ reports }) =>
        reports
          .filter(({ event, state }) => event === 'alarm' && state === 'ALARM')
          .map(({ name = '' }) => kindOf(alarmTitle(name))),
      );
      const silent = [...new Set(acting)].filter((kind) => !fired.includes(kind));
      expect(silent.sort()).toEqual(Object.keys(unfired).sort());
    });

    test('every metric that an alarm or a widget names was recorded, or a list says why it cannot be', async () => {
      for (const { ready } of stacks) {
        const cloudWatch = new CloudWatchClient({ ...clientOf(ready), endpoint: ready.endpoints.cloudWatch });
        for await (const { Metrics = [] } of paginateListMetrics({ client: cloudWatch }, {})) {
          for (const { Namespace = '', MetricName = '', Dimensions = [] } of Metrics) {
            const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value ?? '']));
            recorded.push({ namespace: Namespace, name: MetricName, dimensions });
          }
        }
        cloudWatch.destroy();
      }
      const named = namedMetrics(resources, resolve).map((metric) => ({
        ...metric,
        namespace: metric.namespace.replace(/^ZavuWebhooks\/Test$/, 'ZavuWebhooks/EndToEnd'),
      }));
      const text = ({ namespace, name, dimensions, by }: NamedMetric) =>
        `${namespace} ${name} ${JSON.stringify(dimensions)}, for ${by}`;
      const missing = unfed(named, recorded);
      expect(missing.filter((metric) => !unmade.some((each) => isFor(each, metric))).map(text)).toEqual([]);
      // Each exception is named, and still one.
      expect(unmade.filter((each) => !missing.some((metric) => isFor(each, metric)))).toEqual([]);
    });
  });
});

function isFor({ name, dimension }: (typeof unmade)[number], metric: NamedMetric): boolean {
  return (
    metric.name === name && Object.values(metric.dimensions).some((value) => value?.startsWith(dimension))
  );
}
