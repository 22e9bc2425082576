import * as z from 'zod';
import { longestLadder } from '../../lambda/zavu/delivery.ts';
import { schemes } from '../../lambda/zavu/signature.ts';

const schemeList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
  z.array(z.enum(schemes)).min(1),
);
const delayList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',') : value),
  z.array(whole(1, 43_200)).min(1).max(20),
);

const topicArn = z
  .string()
  .regex(
    /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/,
    "must be a standard topic's ARN, arn:aws:sns:<region>:<account>:<name>",
  );

/** Every setting: what it means, its bounds, its default in every stage. */
export const settingsSchema = z
  .strictObject({
    /** Address that alarms notify, by a topic of the stack's own. Without one they only show in CloudWatch. */
    alarmEmail: z.email().optional(),
    /** ARN of a topic of yours that alarms notify, in place of one of the stack's own. */
    alarmTopicArn: topicArn.optional(),
    /** ARN of a topic that is notified of what cannot wait until the morning: your pager's. */
    pagingTopicArn: topicArn.optional(),
    /** Where the runbook is read, for the links in alarms. */
    runbookUrl: z.string().min(1).max(200).default('docs/runbook.md'),
    /** Rings when nothing was received for so many hours. Only where traffic never rests. */
    noTrafficAlarmHours: whole(1, 168).optional(),
    /** Signature schemes that count; `v2` alone once every sender signs with it. */
    acceptedSignatures: schemeList.default([...schemes]),
    /** How old a signed request may be, in seconds. */
    toleranceSeconds: whole(1, 86_400).default(300),
    /** How far ahead of our clock a signed request may be, in seconds. */
    futureToleranceSeconds: whole(0, 3_600).default(60),
    /**
     * How old an event may be by its own timestamp, in seconds; any age without it. Zavu's last retry comes 5 h
     * 21 min after the event (`longestLadder`), which 6 h leave some room for.
     */
    maxEventAgeSeconds: whole(
      21_600,
      2_592_000,
      `Zavu repeats an event for ${longestLadder.text} with the same timestamp: less than 21600 would refuse its retries, and lose events`,
    ).optional(),
    /** Requests a second, sustained; twice as many at once, up to AWS's 5,000. The account's 10,000 are shared by all of its APIs. */
    throttleRate: whole(1, 10_000).default(500),
    /** Less does not hold the largest request of any shape (docs/decisions/0021): Lambda would kill the receiver, and a 5xx is no answer. */
    receiverMemoryMb: whole(
      512,
      10_240,
      "the largest request that API Gateway hands over takes up to 491 MB of memory, so Lambda would kill a receiver that has less than 512, again at each of Zavu's retries",
    ).default(512),
    /** The least holds large events of text, which a batch runs one by one; the default holds one of any shape. */
    workerMemoryMb: whole(
      256,
      10_240,
      'one event of 4 MB takes a worker up to 151 MB of memory, without what your handler holds, so Lambda would kill one that has much less than 256, with all events of its batch',
    ).default(512),
    /** How long a handler may take, in seconds. */
    workerTimeoutSeconds: whole(1, 900).default(30),
    /** Invocations of one worker at once. Lambda allows no less than 2. */
    workerMaxConcurrency: whole(2, 1_000).default(10),
    /**
     * Waits between attempts, in seconds: one attempt more than there are waits. SQS hides a message for 12 h at most, and
     * keeps it for `queueRetentionDays`: lib/settings/conflicts.ts compares them.
     */
    retryDelaysSeconds: delayList.default([60, 300, 1_800, 7_200]),
    /** Publishes every event on an EventBridge bus, once it was handled, for other stacks to subscribe to. */
    eventBus: z.stringbool().or(z.boolean()).default(false),
    /** How long a message waits for a worker that is down. */
    queueRetentionDays: whole(1, 13).default(4),
    /**
     * Shifts a tenth of the traffic to new code first, and takes it back when an alarm rings. `at_once` shifts all of it
     * and asks no alarm, by the same aliases: for a remedy that is deployed while an alarm rings.
     */
    gradualDeployment: z.literal('at_once').or(z.stringbool()).or(z.boolean()).default(false),
    /** Sends events of its own through the public URL every five minutes, and rings when they do not come through. */
    canary: z.stringbool().or(z.boolean()).default(false),
    /** Keeps an item per message and per template: what became of it. */
    messagesTable: z.stringbool().or(z.boolean()).default(true),
    /** How long such an item stays after its latest event. */
    messageRetentionDays: whole(1, 3_650).default(90),
    /** Whether those items hold texts and addresses, too. */
    storeMessageContent: z.stringbool().or(z.boolean()).default(false),
    /** Keeps every accepted event as signed in a bucket: for questions later, and to have events handled again. */
    archive: z.stringbool().or(z.boolean()).default(false),
    /** How long such an event stays. */
    archiveRetentionDays: whole(1, 3_650).default(90),
    logRetentionDays: z.coerce
      .number()
      .pipe(z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]))
      .default(30),
    /** Records traces in X-Ray: one request a second, and 5 percent of the others. The largest part of the costs. */
    tracing: z.stringbool().or(z.boolean()).default(true),
    /** Keeps tables, queues, the archive and the secret when the stack is deleted, and table backups for 35 days. */
    retainData: z.stringbool().or(z.boolean()).default(false),
  })
  .refine(alarmsHaveOneAddress, {
    path: ['alarmEmail'],
    error:
      'is not subscribed to a topic of yours, and alarmTopicArn names one: nobody would get the e-mails. Remove alarmEmail, and subscribe the address to that topic (aws sns subscribe --protocol email); or remove alarmTopicArn',
  });

/** The stack owns its own topic alone: a subscription to somebody else's would be taken away with the stack. */
function alarmsHaveOneAddress(given: { alarmEmail?: unknown; alarmTopicArn?: unknown }): boolean {
  return given.alarmEmail === undefined || given.alarmTopicArn === undefined;
}

/**
 * A whole number within bounds; `-c` gives it as text.
 *
 * @param why less than `least` is too little, where that is not plain
 */
function whole(least: number, most: number, why?: string) {
  return z.coerce.number().int().min(least, why).max(most);
}
