import * as z from 'zod';
import { guideLadder, longestLadder, zavuTolerance } from '../../lambda/zavu/delivery.ts';
import { schemes } from '../../lambda/zavu/signature.ts';

const schemeList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
  z.array(z.enum(schemes)).min(1),
);
const delayList = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',') : value),
  z.array(integerBetween(1, 43_200)).min(1).max(20),
);

const topicArn = z
  .string()
  .regex(
    /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/,
    "must be a standard topic's ARN, arn:aws:sns:<region>:<account>:<name>",
  )
  .meta({ examples: ['arn:aws:sns:<region>:<account>:<name>'] });

/** `-c` gives it as text. */
const onOff = z.stringbool().or(z.boolean());

/** Every setting: what it means, its bounds, its default in every stage. docs/settings.md is made of this. */
export const settingsSchema = z
  .strictObject({
    alarmEmail: z.email().optional().meta({
      description:
        'Address that alarms notify, by a topic of the stack. Without an address and without `alarmTopicArn`, alarms only show in CloudWatch. It cannot be set together with `alarmTopicArn`.',
    }),
    alarmTopicArn: topicArn.optional().meta({
      description: 'Topic of yours that alarms notify, in place of a topic of the stack.',
    }),
    pagingTopicArn: topicArn.optional().meta({
      description: 'Topic of your pager: it is also notified of what cannot wait until the morning.',
    }),
    runbookUrl: z.string().min(1).max(200).default('docs/runbook.md').meta({
      description: 'Where your team reads the runbook, for the links in alarms.',
    }),
    noTrafficAlarmHours: integerBetween(1, 168).optional().meta({
      description:
        'An alarm fires if nothing was received for this many hours. Set it only if your traffic never pauses that long.',
    }),
    acceptedSignatures: schemeList.default([...schemes]).meta({
      description:
        'Signature schemes that are accepted. Set `v2` alone once every sender signs with it: then no request can be downgraded or replayed.',
    }),
    toleranceSeconds: integerBetween(1, 86_400).default(zavuTolerance.ageSeconds).meta({
      description: 'How old a `v1` or `v2` request may be, in seconds.',
    }),
    futureToleranceSeconds: integerBetween(0, 3_600).default(zavuTolerance.aheadSeconds).meta({
      description: 'How far ahead of the clock a `v1` or `v2` request may be, in seconds.',
    }),
    // Zavu's last retry comes after `longestLadder`, for which 6 h leave some room.
    maxEventAgeSeconds: integerBetween(
      21_600,
      2_592_000,
      `Zavu repeats an event for ${longestLadder.text} with the same timestamp: less than 21600 would refuse its retries, and lose events`,
    )
      .optional()
      .meta({
        description:
          'How old an event may be by its own timestamp, in seconds. Without it, an event of any age is accepted.',
      }),
    throttleRate: integerBetween(1, 10_000).default(500).meta({
      description:
        'The highest lasting rate, in requests per second. Twice as many may come at once, up to the 5,000 of AWS. All APIs of the account share 10,000 per second.',
    }),
    // Less does not hold the largest request of any shape (docs/decisions/0021): Lambda would kill the receiver, and a 5xx is no answer.
    receiverMemoryMb: integerBetween(
      512,
      10_240,
      "the largest request that API Gateway hands over takes up to 491 MB of memory, so Lambda would kill a receiver that has less than 512, again at each of Zavu's retries",
    )
      .default(512)
      .meta({
        description:
          'Memory of the receiver, in MB. The smallest size is enough for the largest request of any shape.',
      }),
    workerMemoryMb: integerBetween(
      256,
      10_240,
      'one event of 4 MB takes a worker up to 151 MB of memory, without what your handler holds, so Lambda would kill one that has much less than 256, with all events of its batch',
    )
      .default(512)
      .meta({
        description:
          'Memory of a worker, in MB. The smallest size is enough for large events of text, which a batch runs one by one. The default is enough for one event of any shape.',
      }),
    workerTimeoutSeconds: integerBetween(1, 900).default(30).meta({
      description: 'How long a handler may take, in seconds.',
    }),
    workerMaxConcurrency: integerBetween(2, 1_000).default(10).meta({
      description:
        'Invocations of one worker at once, each with up to 10 events. Lambda allows no less than 2.',
    }),
    // SQS hides a message for 12 h at most, and keeps it for `queueRetentionDays`: lib/worker/conflicts.ts compares them.
    retryDelaysSeconds: delayList.default([...guideLadder.waitsSeconds]).meta({
      description:
        'Waits between attempts, in seconds. There is one attempt more than there are waits: 4 waits make 5 attempts. An attempt is a run of the handler.',
    }),
    eventBus: onOff.default(false).meta({
      description:
        'Publishes every handled event on an EventBridge bus, to which other stacks can subscribe.',
    }),
    queueRetentionDays: integerBetween(1, 13).default(4).meta({
      description: 'How many days an event waits for a worker that is down.',
    }),
    gradualDeployment: z.literal('at_once').or(onOff).default(false).meta({
      description:
        'Gives new code a tenth of the traffic first, and rolls it back if an alarm fires. `at_once` gives it all traffic by the same aliases and asks no alarm: for a fix that is deployed while an alarm fires.',
    }),
    canary: onOff.default(false).meta({
      description:
        'Sends events of its own through the public URL every five minutes. An alarm fires if they do not come through.',
    }),
    messagesTable: onOff.default(true).meta({
      description:
        'Keeps an item per message, template, call, invitation, conversation and broadcast: what became of it.',
    }),
    messageRetentionDays: integerBetween(1, 3_650).default(90).meta({
      description: 'How many days an item of the messages table stays after its latest event.',
    }),
    storeMessageContent: onOff.default(false).meta({
      description: 'Stores texts and addresses in the items of the messages table, too.',
    }),
    reconcile: onOff.default(false).meta({
      description:
        "Asks Zavu's API every hour for what no webhook has told, and has it handled. It needs `messagesTable`, and an API key (docs/reconcile.md).",
    }),
    reconcileRequestsPerMinute: integerBetween(1, 600).default(60).meta({
      description:
        "How many requests a minute `reconcile` makes to Zavu's API. Zavu takes 600 a minute from a project, your own sends among them.",
    }),
    archive: onOff.default(false).meta({
      description:
        'Keeps every accepted event as it was signed in a bucket: to look it up, and to have it handled again.',
    }),
    archiveRetentionDays: integerBetween(1, 3_650).default(90).meta({
      description: 'How many days the archive keeps an event.',
    }),
    logRetentionDays: z.coerce
      .number()
      .pipe(z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]))
      .default(90)
      .meta({ description: 'How many days logs stay.' }),
    dashboard: onOff.default(false).meta({
      description:
        "Shows the stack from top to bottom on a dashboard of CloudWatch. It costs $3.00 a month, and its own metrics about $2 in a month with events. AWS gives an account's first three dashboards free if each shows at most 50 metrics, as this one does with up to four workers and without `reconcile`. Without it the alarms and the saved queries say what is wrong.",
    }),
    tracing: onOff.default(false).meta({
      description:
        'Records traces in X-Ray: of one request a second, of 5 % of the others, and of each request that asks for one. AWS lets nobody choose these rates for functions. A million traces cost $5.',
    }),
    retainData: onOff.default(true).meta({
      description:
        'Keeps tables, queues, the archive, the event bus and the secrets if the stack is deleted, and backups of the tables for 35 days.',
    }),
  })
  .refine(alarmsHaveOneAddress, {
    path: ['alarmEmail'],
    error:
      'set alarmEmail or alarmTopicArn, not both. To get e-mails from a topic of your own, subscribe the address to it (aws sns subscribe --protocol email)',
  });

/** The stack owns its own topic alone: a subscription to somebody else's would be taken away with the stack. */
function alarmsHaveOneAddress(given: { alarmEmail?: unknown; alarmTopicArn?: unknown }): boolean {
  return given.alarmEmail === undefined || given.alarmTopicArn === undefined;
}

/**
 * A whole number within bounds; `-c` gives it as text.
 *
 * @param why what is wrong with a number below `min`, if that is not plain
 */
function integerBetween(min: number, max: number, why?: string) {
  const sentence = `must be a whole number from ${min} to ${max}`;
  const error = ({ input }: { input?: unknown }) => `${sentence}, not ${input}`;
  const tooLow = why === undefined ? error : (issue: { input?: unknown }) => `${error(issue)}: ${why}`;
  const number = z.number({ error }).int({ error }).min(min, { error: tooLow }).max(max, { error });
  return z.preprocess(readNumber, number);
}

/** A text of digits as its number. What is no number stays as it is, to be named in the error. */
function readNumber(value: unknown): unknown {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? value : number;
}
