import { canaryType } from '../../lambda/routing/canary-event.ts';
import type { Logger } from '../../lambda/shared/log.ts';

/** What a test can do to a stack's CloudWatch. Names are the beginnings of logical ids. */
export interface Feed {
  /** Writes lines of a function's log, as the function would. */
  log(logGroup: string): Logger;
  /** Writes a line of the access log. */
  access(fields: Record<string, string>): void;
  /** Records a value of a service's own metric. */
  record(namespace: string, name: string, dimensions: Record<string, string>, value: number): void;
  /** Names what the template calls so: the value that `Ref` has. */
  ref(logicalId: string): string;
}

/** What one minute of a stack is like; called once in each. */
type Minute = (feed: Feed, subject: string, minute: number) => void;

/** How an alarm comes about, and how it ends. */
export interface Cause {
  /** What makes it fire. */
  fires: Minute;
  /** Within how many minutes of its cause it must have fired. */
  within: number;
  /** What a healthy stack does, before and after; nothing at all unless it is given. */
  healthy?: Minute;
  /** For how many minutes the stack is healthy before; and at most after it, until the alarm clears. */
  settles?: number;
}

const lambda =
  (name: string, fn: (subject: string) => string, value: number): Minute =>
  (feed, subject) =>
    feed.record('AWS/Lambda', name, { FunctionName: feed.ref(fn(subject)) }, value);
const queue =
  (name: string, id: (subject: string) => string, value: number | ((minute: number) => number)): Minute =>
  (feed, subject, minute) => {
    const count = typeof value === 'number' ? value : value(minute);
    feed.record('AWS/SQS', name, { QueueName: feed.ref(id(subject)) }, count);
  };
const all =
  (...minutes: Minute[]): Minute =>
  (...args) => {
    for (const minute of minutes) minute(...args);
  };
const receiver = () => 'ReceiverFunction';
const worker = (subject: string) => `${subject}WorkerFunction`;
const deadLetters = (subject: string) => `${subject}WorkerDeadLetterQueue`;
const received: Minute = (feed) => {
  feed
    .log('ReceiverFunctionLogs')
    .info('request', { outcome: 'queued', id: 'evt_1', type: 'message.inbound' });
};

/** What the canary reports in a minute: it runs each five. */
const canary =
  (failures: number): Minute =>
  (feed, _subject, minute) => {
    if (minute % 5 !== 0) return;
    const dimensions = { FunctionName: feed.ref('CanaryFunction') };
    feed.record('AWS/Lambda', 'Invocations', dimensions, 1);
    feed.record('AWS/Lambda', 'Errors', dimensions, failures);
  };

/** What the keeper of pauses reports in a minute: it runs each five. */
const keeper =
  (failures: number): Minute =>
  (feed, _subject, minute) => {
    if (minute % 5 === 0)
      feed.record('AWS/Lambda', 'Errors', { FunctionName: feed.ref('PausesFunction') }, failures);
  };

const reconciler = (feed: Feed) => feed.log('ReconcileFunctionLogs');

/** What the reconciler reports in a minute: it runs each hour. */
const reconcileRun =
  (state: string): Minute =>
  (feed, _subject, minute) => {
    if (minute % 60 !== 0) return;
    feed.record('AWS/Lambda', 'Invocations', { FunctionName: feed.ref('ReconcileFunction') }, 1);
    reconciler(feed).info('reconcile_ended', { state });
  };

/** So many requests in a minute, of which so many end in 5xx. */
const requests =
  (all: number, failed: number): Minute =>
  (feed) => {
    const dimensions = { ApiId: feed.ref('ReceiverApi') };
    for (let each = 0; each < all; each++) {
      feed.record('AWS/ApiGateway', 'Count', dimensions, 1);
      feed.record('AWS/ApiGateway', '4xx', dimensions, 0);
      feed.record('AWS/ApiGateway', '5xx', dimensions, each < failed ? 1 : 0);
    }
  };

/** So many events in a minute, of any worker, of which so many are late. */
const handled =
  (all: number, late: number): Minute =>
  (feed) => {
    const log = feed.log('InboundWorkerFunctionLogs');
    for (let each = 0; each < all; each++)
      log.info('event', { outcome: 'handled', late: each < late ? 1 : 0 });
  };

/**
 * What makes each alarm fire, by its name in docs/runbook.md. A heartbeat's parts, which tell nobody, have none of
 * their own: they are seen through the alarm that asks for them.
 */
export const causes: Readonly<Record<string, Cause>> = {
  UnroutedEvents: {
    fires: queue('ApproximateNumberOfMessagesVisible', () => 'ReceiverUnroutedQueue', 1),
    within: 1,
    healthy: queue('ApproximateNumberOfMessagesVisible', () => 'ReceiverUnroutedQueue', 0),
  },
  UnreadableEvents: {
    fires: (feed) =>
      feed
        .log('ReceiverFunctionLogs')
        .info('webhook', { outcome: 'unrouted', reason: 'unreadable', id: 'sha256:1' }),
    within: 1,
    healthy: (feed) =>
      feed
        .log('ReceiverFunctionLogs')
        .info('webhook', { outcome: 'unrouted', reason: 'unknown_type', id: 'evt_1' }),
  },
  DeadLetters: {
    fires: queue('ApproximateNumberOfMessagesVisible', deadLetters, 1),
    within: 1,
    healthy: queue('ApproximateNumberOfMessagesVisible', deadLetters, 0),
  },
  MoreDeadLetters: {
    // One is there already, and a redrive has it in hand.
    healthy: all(
      queue('ApproximateNumberOfMessagesVisible', deadLetters, (minute) => minute % 2),
      queue('ApproximateNumberOfMessagesNotVisible', deadLetters, (minute) => (minute + 1) % 2),
    ),
    fires: all(
      queue('ApproximateNumberOfMessagesVisible', deadLetters, 2),
      queue('ApproximateNumberOfMessagesNotVisible', deadLetters, 0),
    ),
    within: 1,
  },
  QueueBacklog: {
    fires: queue('ApproximateAgeOfOldestMessage', (subject) => `${subject}WorkerQueue`, 900),
    within: 2,
  },
  WorkerErrors: { fires: lambda('Errors', worker, 1), within: 2 },
  WorkerThrottles: { fires: lambda('Throttles', worker, 1), within: 3 },
  SchemaDrift: {
    // Whichever worker has it.
    fires: (feed) =>
      feed.log('AccountWorkerFunctionLogs').warn('drift', { type: 'message.inbound', path: 'data.text' }),
    within: 1,
  },
  ReceiverUnavailable: {
    fires: (feed) =>
      feed
        .log('ReceiverFunctionLogs')
        .error('request', { outcome: 'unavailable', reason: 'queue_unavailable' }),
    within: 2,
    healthy: received,
  },
  SecretUnreadable: {
    fires: (feed, _subject, minute) => {
      if (minute % 5 === 0)
        feed.log('ReceiverFunctionLogs').error('secret_fetch_failed', { error: 'MalformedSecret' });
    },
    // Two periods of five minutes.
    within: 6,
    healthy: received,
  },
  ReceiverErrors: { fires: lambda('Errors', receiver, 1), within: 2, healthy: lambda('Errors', receiver, 0) },
  ReceiverThrottles: { fires: lambda('Throttles', receiver, 1), within: 2 },
  ReceiverSlow: {
    // p99 of two periods of five minutes.
    fires: lambda('Duration', receiver, 3_100),
    within: 6,
    healthy: lambda('Duration', receiver, 8),
  },
  ReceiverServerErrors: {
    fires: (feed) => {
      const dimensions = { ApiId: feed.ref('ReceiverApi') };
      for (let times = 0; times < 5; times++) feed.record('AWS/ApiGateway', '5xx', dimensions, 1);
    },
    within: 2,
  },
  StageThrottled: {
    fires: (feed) => feed.access({ status: '429' }),
    within: 2,
    healthy: (feed) => feed.access({ status: '200' }),
  },
  SignedRefused: {
    fires: (feed) =>
      feed
        .log('ReceiverFunctionLogs')
        .warn('request', { outcome: 'rejected', reason: 'payload_too_large', scheme: 'sha256' }),
    within: 1,
    healthy: received,
  },
  RejectedSignatures: {
    fires: (feed) => {
      const log = feed.log('ReceiverFunctionLogs');
      for (let times = 0; times < 20; times++)
        log.warn('request', { outcome: 'rejected', reason: 'invalid_signature' });
    },
    // Two periods of five minutes.
    within: 6,
    healthy: received,
  },
  NothingReceived: {
    // The canary's events say nothing of Zavu.
    fires: (feed) =>
      feed.log('ReceiverFunctionLogs').info('request', { outcome: 'queued', id: 'evt_2', type: canaryType }),
    // Six hours, and what a period that has begun takes to be over.
    within: 9 * 60,
    healthy: received,
    settles: 4 * 60,
  },
  WorkerPaused: {
    fires: (feed, _subject, minute) => {
      if (minute % 5 === 0) feed.log('PausesFunctionLogs').info('paused', { worker: 'inbound', ms: 60_000 });
    },
    within: 1,
  },
  PausesNotKept: { fires: keeper(1), within: 15, healthy: keeper(0) },
  Canary: { fires: canary(1), within: 20, healthy: canary(0), settles: 60 },
  EventsRecovered: {
    fires: (feed, _subject, minute) => {
      if (minute % 60 === 0)
        reconciler(feed).warn('event_recovered', { worker: 'inbound', type: 'message.inbound' });
    },
    within: 1,
  },
  ReconcileTruncated: {
    fires: (feed, _subject, minute) => {
      if (minute % 60 === 0) reconciler(feed).warn('reconcile_truncated', { reason: 'pages' });
    },
    within: 1,
    settles: 180,
  },
  RegistrationDiffers: {
    fires: (feed, _subject, minute) => {
      if (minute % 60 === 0) reconciler(feed).error('registration_differs', { reason: 'inactive' });
    },
    within: 1,
    settles: 360,
  },
  ReconcileOverdue: {
    fires: reconcileRun('cut_short'),
    within: 360,
    healthy: reconcileRun('complete'),
    settles: 180,
  },
  IdempotencyThrottled: {
    fires: (feed) => {
      const dimensions = { TableName: feed.ref('IdempotencyTable') };
      feed.record('AWS/DynamoDB', 'WriteThrottleEvents', dimensions, 1);
    },
    within: 3,
  },
  ArchiveDelayed: {
    fires: (feed) => {
      const dimensions = { DeliveryStreamName: feed.ref('ArchiveStream') };
      feed.record('AWS/Firehose', 'DeliveryToS3.DataFreshness', dimensions, 2_700);
    },
    within: 1,
  },
  ArchiveErrors: {
    // Whatever Firehose says there, it says of something that it could not deliver.
    fires: (feed) => feed.log('ArchiveStreamLogs').error('any'),
    within: 1,
  },
  AcceptanceFastBurn: {
    fires: requests(20, 4),
    within: 3,
    healthy: requests(20, 0),
    settles: 10,
  },
  // 1 % is too little for the fast one. Half an hour of good events dilutes it.
  AcceptanceSlowBurn: {
    fires: requests(100, 1),
    within: 55,
    healthy: requests(100, 0),
    settles: 35,
  },
  HandlingFastBurn: {
    fires: handled(20, 10),
    within: 6,
    healthy: handled(20, 0),
    settles: 10,
  },
  HandlingSlowBurn: {
    // 10 % are too little for the fast one.
    fires: handled(10, 1),
    within: 55,
    healthy: handled(10, 0),
    settles: 35,
  },
  ArchiveIncomplete: {
    fires: (feed) =>
      feed.log('ReceiverFunctionLogs').error('archive_failed', { id: 'evt_1', reason: 'unavailable' }),
    within: 1,
    healthy: received,
  },
};
