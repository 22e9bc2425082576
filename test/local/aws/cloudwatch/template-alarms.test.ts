import { createLogger } from '../../../../lambda/shared/log.ts';
import { Iam } from '../../../../local/aws/iam/iam.ts';
import { Sns } from '../../../../local/aws/sns/sns.ts';
import { everySetting } from '../../../cfn-lint/every-setting.ts';
import { type Cause, causes, type Feed } from '../../../support/alarm-causes.ts';
import { assemblyOf } from '../../../support/assembly.ts';
import { startCloudWatch } from '../../../support/cloudwatch.ts';
import { workerNames } from '../../../support/handlers.ts';
import { namedMetrics, unfed } from '../../../support/named-metrics.ts';
import { synthesizeStack } from '../../../support/template.ts';

const minute = 60_000;
const everything = { ...everySetting, noTrafficAlarmHours: '6' };
const { assembly, resolve } = assemblyOf(synthesizeStack(everything).toJSON().Resources);
const { resources } = assembly;
const subjects = workerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));

/** An alarm's name as the runbook has it, and the worker that it watches. */
function read(logicalId: string): { name: string; subject: string } {
  const whole = logicalId.replace(/^Monitoring|[0-9A-F]{8}$/g, '');
  const subject = subjects.find((each) => whole.endsWith(each)) ?? '';
  return { name: whole.slice(0, whole.length - subject.length), subject };
}

const alarms = Object.entries(resources)
  .filter(([, { Type }]) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type))
  .map(([id]) => ({ id, alarmName: String(resolve({ Ref: id })), ...read(id) }));
const names = new Set(alarms.map(({ name }) => name));

/** An alarm that only a composite asks for, and that tells nobody: the composite of `Canary` is `CanaryAlarm`. */
const isPart = ({ name }: { name: string }) =>
  [...names].some(
    (other) => other !== name && name.startsWith(other.replace(/Alarm$/, '')) && other.endsWith('Alarm'),
  );

/** What makes an alarm fire, also where it is a composite with parts. */
function causeOf(name: string): Cause {
  const cause = causes[name] ?? causes[name.replace(/Alarm$/, '')];
  if (!cause) throw new Error(`test/support/alarm-causes.ts has no cause of ${name}.`);
  return cause;
}

/** The template's CloudWatch on a clock that stands still, and what a test does to it. */
function start() {
  const iam = new Iam(assembly, resolve);
  const sns = new Sns(resources, resolve, (call) => iam.decide(call));
  const run = startCloudWatch(resources, resolve, (topic, alarm) =>
    sns.publish(topic, 'cloudwatch.amazonaws.com', alarm),
  );
  const ref = (prefix: string) => {
    const [id, ...others] = Object.keys(resources).filter(
      (each) => each.replace(/[0-9A-F]{8}$/, '') === prefix,
    );
    if (!id || others.length > 0)
      throw new Error(`The template has ${others.length + (id ? 1 : 0)} ${prefix}.`);
    return String(
      resolve(resources[id]?.Type === 'AWS::SQS::Queue' ? { 'Fn::GetAtt': [id, 'QueueName'] } : { Ref: id }),
    );
  };
  const feed: Feed = {
    ref,
    log: (group) => createLogger({}, (line) => run.cloudwatch.line(ref(group), line)),
    access: (fields) => run.cloudwatch.line(ref('ReceiverAccessLogs'), `${JSON.stringify(fields)}\n`),
    record: (namespace, name, dimensions, value) =>
      run.cloudwatch.record({ namespace, name, dimensions }, value),
  };
  return { ...run, feed };
}

test.each(alarms.filter((alarm) => !isPart(alarm)))(
  '$name$subject fires by its cause, tells somebody, and clears',
  ({ name, subject, alarmName }) => {
    const cause = causeOf(name);
    const { cloudwatch, clock, feed, transitions } = start();
    const state = () => cloudwatch.describeAlarms().find((each) => each.name === alarmName)?.state;
    let minutes = 0;
    /** @returns after how many minutes the alarm has a state; undefined where it does not get into it */
    const until = (wanted: string, most: number, each: Cause['fires'] | undefined) => {
      for (let passed = 1; passed <= most; passed++) {
        each?.(feed, subject, minutes++);
        clock.advance(minute);
        if (state() === wanted) return passed;
      }
      return undefined;
    };
    const { fires, within, healthy, settles = 30 } = cause;
    until('never', settles, healthy);
    expect(state()).not.toBe('ALARM');
    transitions.splice(0);

    expect(until('ALARM', within, fires)).toBeLessThanOrEqual(within);
    const fired = transitions.find((each) => each.name === alarmName && each.to === 'ALARM');
    const readers = fired?.notifications.flatMap((each) => each.readers);
    expect(readers).toEqual([everything.alarmEmail]);

    expect(until('OK', settles, healthy)).toBeLessThanOrEqual(settles);
  },
);

// What they count has no value while it does not happen, so that no 0 stands between two of them.
test.each(['ReceiverUnavailable', 'SecretUnreadable', 'RejectedSignatures'])(
  '%s does not fire by what happens once',
  (name) => {
    const { clock, feed, transitions } = start();
    causeOf(name).fires(feed, '', 0);
    clock.advance(60 * minute);
    const fired = transitions.filter((each) => each.to === 'ALARM');
    expect(fired.map((each) => read(each.name).name)).not.toContain(name);
  },
);

test('StageThrottled fires by a flood of which API Gateway writes no line', () => {
  const { clock, feed, transitions } = start();
  const dimensions = { ApiId: feed.ref('ReceiverApi') };
  for (let times = 0; times < 2; times++) {
    feed.record('AWS/ApiGateway', 'Count', dimensions, 500 * 60);
    clock.advance(minute);
  }
  const fired = transitions.filter((each) => each.to === 'ALARM');
  expect(fired.map((each) => read(each.name).name)).toContain('StageThrottled');
});

test('a fresh stack is quiet until its first event, however long that takes', () => {
  const { clock, transitions } = start();
  clock.advance(3 * 24 * 60 * minute);
  expect(transitions.flatMap(({ notifications }) => notifications)).toEqual([]);
});

test("each of the stack's own metrics that an alarm or a widget names is made by a line of its functions", () => {
  const { cloudwatch, clock, feed } = start();
  const namespace = `ZavuWebhooks/Test`;
  const named = namedMetrics(resources, resolve).filter((metric) => metric.namespace === namespace);
  for (const [name, { fires }] of Object.entries(causes)) {
    if (alarms.some((alarm) => alarm.name === name)) for (const subject of subjects) fires(feed, subject, 0);
  }
  feed
    .log('ReceiverFunctionLogs')
    .info('request', { outcome: 'queued', id: 'evt_1', scheme: 'v1', type: 'call.ended' });
  feed.log('ReconcileFunctionLogs').info('reconcile_ended', { state: 'complete' });
  feed.log('ReceiverFunctionLogs').warn('shared_id', { id: 'evt_1' });
  for (const [index, worker] of workerNames.entries()) {
    feed.log(`${subjects[index]}WorkerFunctionLogs`).info('event', { outcome: 'handled', worker, lagMs: 5 });
  }
  clock.advance(minute);
  expect(named.length).toBeGreaterThan(20);
  expect(unfed(named, cloudwatch.recorded)).toEqual([]);
});
