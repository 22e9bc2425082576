import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import * as z from 'zod';
import { decideRetry, type Limits, maxAttempts } from '../../../lambda/worker/retry-decision.ts';
import { settingsSchema } from '../../../lib/settings/schema.ts';
import type { Settings } from '../../../lib/settings/settings.ts';
import { WebhookStack } from '../../../lib/webhook-stack.ts';
import { findConflicts } from '../../../lib/worker/conflicts.ts';
import type { WorkerOptions } from '../../../lib/worker/options.ts';
import { receiveLimits, visibilityTimeoutSeconds } from '../../../lib/worker/receive-limits.ts';
import { drawn } from '../../support/drawn.ts';
import { handlers, workerNames } from '../../support/handlers.ts';
import { createStack, resources, target } from '../../support/template.ts';

const day = 86_400;
const twelveHours = 43_200;

/** Settings from their whole bounds. Each is drawn by its schema, so a new one is drawn, too. */
const settings = fc
  .record(drawn(settingsSchema), { requiredKeys: [] })
  // What an address beside a topic says is the subject of test/lib/settings/settings.test.ts.
  .filter((given) => !('alarmEmail' in given && 'alarmTopicArn' in given))
  .map((given): Settings => settingsSchema.parse(given));
const { workerMemoryMb, workerTimeoutSeconds, workerMaxConcurrency } = settingsSchema.shape;
const optionsSchema = z
  .strictObject({
    memoryMb: workerMemoryMb,
    timeoutSeconds: workerTimeoutSeconds,
    maxConcurrency: workerMaxConcurrency,
  })
  .partial();
const options = fc
  .record(drawn(optionsSchema), { requiredKeys: [] })
  // The schema's type has `undefined` in it, which it never gives.
  .map((each) => optionsSchema.parse(each) as WorkerOptions);
const workers = fc.dictionary(fc.constantFrom(...workerNames), options, { noNullPrototype: true });
const choices = fc.record({ settings, workers });

/** How a receive ends. Some share of the visibility timeout passes until then, or all of it if nothing ends it. */
interface Disposition {
  end: 'throttled' | 'died' | 'failed' | 'unclaimed' | 'in_progress';
  share: number;
}
const ends = ['throttled', 'died', 'failed', 'unclaimed', 'in_progress'] as const;
/** A number for each receive, since numbers are drawn ten times as fast as records. They are gone through in turn. */
const dispositions = fc.array(fc.integer({ min: 0, max: 499 }), { minLength: 22, maxLength: 22 });
const dispositionOf =
  (numbers: readonly number[]) =>
  (receive: number): Disposition => {
    const drawnNumber = numbers[receive % numbers.length] ?? 0;
    return { end: ends[Math.floor(drawnNumber / 100)] ?? 'died', share: (drawnNumber % 100) / 99 };
  };

/**
 * One message on SQS's clocks, until it is a dead letter.
 *
 * @param after how long it waits in the queue before its first receive, in seconds
 * @param dispositionOf how a receive ends, the first being 0
 * @returns what SQS does that the stack does not lean on; undefined if the message becomes a dead letter
 */
function mishap(
  { queueRetentionDays }: Settings,
  limits: Limits,
  timeoutSeconds: number,
  after: number,
  dispositionOf: (receive: number) => Disposition,
): 'deleted' | 'wait refused' | undefined {
  const hidden = visibilityTimeoutSeconds(timeoutSeconds);
  let now = after;
  let runs = 0;
  for (let receives = 1; receives <= limits.maxReceives; receives += 1) {
    if (now > queueRetentionDays * day) return 'deleted';
    const { end, share } = dispositionOf(receives - 1);
    if (end === 'throttled' || end === 'died') {
      // A function that dies in the first receive leaves no record of it.
      if (end === 'died' && receives > 1) runs += 1;
      now += hidden;
      continue;
    }
    const isOver = end === 'failed' && runs >= maxAttempts(limits);
    if (end === 'failed') runs += 1;
    // Lambda may call late. Where nothing was run, a call that is late is rather a throttled one.
    const taken = share * (end === 'failed' ? hidden : timeoutSeconds);
    const verdict = decideRetry(
      {
        outcome: end,
        isPermanent: false,
        runs,
        lost: undefined,
        isOver,
        receives,
        ageSeconds: now + taken,
        claimSeconds: timeoutSeconds + 1,
      },
      limits,
    );
    if ('reason' in verdict) return undefined;
    if (taken + verdict.retryInSeconds > twelveHours) return 'wait refused';
    now += taken + verdict.retryInSeconds;
  }
  // SQS moves it when it comes back.
  return now > queueRetentionDays * day ? 'deleted' : undefined;
}

const limitsOf = (settings: Settings, timeoutSeconds: number): Limits => ({
  delaysSeconds: settings.retryDelaysSeconds,
  ...receiveLimits(settings, timeoutSeconds),
});

/**
 * The worst of which a message must still be dead-lettered with its reason: it dies in the first receive, each attempt
 * fails at its very end, the last one dies, and so does the receive that was to dead-letter it.
 */
function worst(settings: Settings, timeoutSeconds: number): ReturnType<typeof mishap> {
  const { delaysSeconds } = limitsOf(settings, timeoutSeconds);
  const limits = {
    delaysSeconds,
    maxReceives: delaysSeconds.length + 3,
    maxAgeSeconds: Infinity,
    maxPauseSeconds: 0,
  };
  return mishap(settings, limits, timeoutSeconds, 3_600, (receive) => ({
    end: receive === 0 || receive > delaysSeconds.length ? 'died' : 'failed',
    share: 1,
  }));
}

const timeoutsOf = ({ settings: { workerTimeoutSeconds: seconds }, workers: own }: Choices) => [
  seconds,
  ...Object.values(own).flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []),
];
type Choices = typeof choices extends fc.Arbitrary<infer Value> ? Value : never;

/** Whether reconciling would rebuild what was handled: it knows an event by its item alone, and looks a week back. */
const forgets = ({ reconcile, messagesTable, messageRetentionDays }: Settings) =>
  reconcile && (!messagesTable || messageRetentionDays < 8);

test('what is accepted loses no event, repeats none and is refused no wait; what is refused would, and is named', () => {
  const seen = { accepted: 0, refused: 0 };
  const named = /^retryDelaysSeconds .*(workerTimeoutSeconds|workers\.\w+\.timeoutSeconds)/;
  fc.assert(
    fc.property(choices, dispositions, fc.integer({ min: 0, max: 3_600 }), (chosen, numbers, after) => {
      const conflicts = findConflicts(chosen.settings, chosen.workers);
      const mishaps = timeoutsOf(chosen).flatMap((timeout) => [
        worst(chosen.settings, timeout),
        ...(conflicts.length > 0
          ? []
          : [
              mishap(
                chosen.settings,
                limitsOf(chosen.settings, timeout),
                timeout,
                after,
                dispositionOf(numbers),
              ),
            ]),
      ]);
      seen[conflicts.length > 0 ? 'refused' : 'accepted'] += 1;
      // One comparison a run: `expect` takes longer than all the rest.
      expect({
        happens: mishaps.some((each) => each !== undefined),
        repeats: forgets(chosen.settings),
        unnamed: conflicts.filter((each) => !named.test(each) && !each.startsWith('reconcile ')),
      }).toEqual({
        happens: conflicts.some((each) => named.test(each)),
        repeats: conflicts.some((each) => each.startsWith('reconcile ')),
        unnamed: [],
      });
    }),
    { numRuns: 6_000 },
  );
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(300);
});

test('what the constructs make of accepted settings is what the stack leans on', () => {
  const accepted = choices.filter((each) => findConflicts(each.settings, each.workers).length === 0);
  fc.assert(
    fc.property(accepted, (chosen) => {
      const app = new App();
      const stack = new WebhookStack(app, 'Test', { handlers, ...chosen });
      const template = Template.fromStack(stack);
      const all = new Map(resources(template, 'AWS::SQS::Queue'));
      for (const [, { Properties: source }] of resources(template, 'AWS::Lambda::EventSourceMapping')) {
        const queue = all.get(target(source.EventSourceArn) ?? '')?.Properties ?? {};
        const policy = Object(queue.RedrivePolicy);
        const deadLetters = all.get(target(policy.deadLetterTargetArn) ?? '')?.Properties ?? {};
        const waits = chosen.settings.retryDelaysSeconds;
        const [hidden, kept] = [Number(queue.VisibilityTimeout), Number(queue.MessageRetentionPeriod)];
        const life = waits.reduce((sum, wait) => sum + wait, 3_600) + policy.maxReceiveCount * hidden;
        expect(life).toBeLessThanOrEqual(kept);
        expect(kept).toBeLessThan(Number(deadLetters.MessageRetentionPeriod));
        expect(Math.max(...waits) + hidden).toBeLessThanOrEqual(twelveHours);
        // An attempt more than waits, a first one that leaves no record, and one to dead-letter.
        expect(policy.maxReceiveCount).toBeGreaterThanOrEqual(waits.length + 3);
        expect(policy.maxReceiveCount).toBeLessThanOrEqual(1_000);
      }
      const alarms = resources(template, 'AWS::CloudWatch::Alarm');
      for (const [id, { Properties }] of alarms.filter(([each]) => each.includes('QueueBacklog'))) {
        // Else SQS deletes the oldest message before it is old enough to fire.
        const fires = Number(Properties.Threshold) + 180;
        expect(`${id} ${fires < chosen.settings.queueRetentionDays * day}`).toBe(`${id} true`);
      }
    }),
    { numRuns: 10 },
  );
});

test.each([
  [
    { retryDelaysSeconds: '43200' },
    'retryDelaysSeconds has a wait of 43200 s, and workerTimeoutSeconds is 30: SQS hides a message for 12 hours (43200 s) at most, counted from its receive, so it would refuse the wait. Lower each wait to 43020 s or less, or lower workerTimeoutSeconds.',
  ],
  [
    { retryDelaysSeconds: '43000,43000', queueRetentionDays: '1' },
    'retryDelaysSeconds adds up to 86000 s; with 5 receives of up to 180 s (six times workerTimeoutSeconds) and an hour in the queue an event can live for 90500 s, and queueRetentionDays is 1 (86400 s): SQS would delete it before it is a dead letter, in silence. Shorten retryDelaysSeconds or workerTimeoutSeconds, or raise queueRetentionDays.',
  ],
  [
    { reconcile: 'true', messagesTable: 'false' },
    'reconcile is on and messagesTable is off: reconcile asks the messages table whether an event came. Set messagesTable=true, or reconcile=false.',
  ],
  [
    { reconcile: 'true', messageRetentionDays: '7' },
    'reconcile looks 7 days back, and messageRetentionDays is 7: an event whose item is gone would be handled again. Raise messageRetentionDays to 8 or more, or set reconcile=false.',
  ],
])('%j is refused', (context, sentence) => {
  expect(() => createStack(context)).toThrow(sentence);
});

test('items that outlive what reconciling looks back at are accepted, and so is any table if it is off', () => {
  expect(() => createStack({ reconcile: 'true', messageRetentionDays: '8' })).not.toThrow();
  expect(() => createStack({ reconcile: 'false', messagesTable: 'false' })).not.toThrow();
  expect(() => createStack({ messageRetentionDays: '1' })).not.toThrow();
});

test('the longest wait that SQS takes is accepted', () => {
  expect(() => createStack({ retryDelaysSeconds: '43020' })).not.toThrow();
  expect(() => createStack({ retryDelaysSeconds: '43021' })).toThrow('Lower each wait to 43020 s or less');
});

test("a worker's own timeout counts", () => {
  const context = { retryDelaysSeconds: '38000' };
  expect(() => createStack(context)).not.toThrow();
  expect(() => createStack(context, { inbound: { timeoutSeconds: 900 } })).toThrow(
    'retryDelaysSeconds has a wait of 38000 s, and workers.inbound.timeoutSeconds is 900:',
  );
});

test.each([
  [
    { memoryMb: 255 },
    'workers.inbound.memoryMb: must be a whole number from 256 to 10240, not 255: one event of 4 MB takes a worker up to 151 MB',
  ],
  [{ timeoutSeconds: 901 }, 'workers.inbound.timeoutSeconds: must be a whole number from 1 to 900, not 901'],
  [{ maxConcurrency: 1 }, 'workers.inbound.maxConcurrency: must be a whole number from 2 to 1000, not 1'],
])("a worker's option is bounded as its setting is: %j", (inbound, sentence) => {
  expect(() => createStack({}, { inbound })).toThrow(sentence);
});
