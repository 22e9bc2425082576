import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseJson } from '../../lambda/shared/json.ts';
import { FallibleStack } from '../support/fallible-stack.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { type Account, type Effect, type Entry, judge } from './ledger.ts';
import { type Plan, type PlannedEvent, planSoak } from './plan.ts';
import { deliver } from './zavu.ts';

export interface SoakOptions {
  seed: number;
  events: number;
  /** Over which they are sent, and faults strike. */
  durationMs: number;
  /** How many times faster than Zavu a refused event is sent again. */
  speed: number;
  /** Told how many events Zavu is done with. */
  onProgress?(done: number): void;
}

export interface SoakResult extends Account {
  events: number;
  acknowledged: number;
  /** Requests, by the status of their answer; 0 where there was none. */
  answers: Record<number, number>;
  /** Requests by which Zavu repeated one that got no 2xx. */
  repeatedByZavu: number;
  /** Attempts after which a worker put an event back. */
  retried: number;
  /** Deliveries of an event that was handled before. */
  duplicates: number;
  faults: number;
  kills: number;
}

/** The waits of the workers: enough attempts to outlive every fault, and short. */
const settings = {
  retryDelaysSeconds: '1,1,1,2,2,2,3',
  workerTimeoutSeconds: '3',
  workerMaxConcurrency: '4',
  // The most that a stage takes: what is to be shown is not its throttle.
  throttleRate: '10000',
  throttleBurst: '5000',
};

/** Long enough for a message whose function died on each of its attempts. */
const drainMs = 150_000;

interface Sent extends PlannedEvent {
  id: string;
  acknowledged: boolean;
}

/**
 * Lets Zavu send events to a local stack while its services fail and its functions are killed, then waits
 * until the queues are empty and judges what became of every event.
 *
 * @throws Error where the queues do not empty in time
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const plan = planSoak(options.seed, options.events, options.durationMs);
  const fallible = await FallibleStack.start(settings);
  const { stack } = fallible;
  try {
    const sent = plan.events.map((event, index) => ({
      ...event,
      id: `evt_${options.seed}_${index}`,
      acknowledged: false,
    }));
    const answers: Record<number, number> = {};
    const [, kills] = await Promise.all([send(sent, answers, stack, options), strike(plan, fallible)]);
    await drained(stack);

    const account = judge(await entriesOf(sent, stack));
    const deliveries = sent.reduce((sum, { copiesAfterMs }) => sum + 1 + copiesAfterMs.length, 0);
    const requests = Object.values(answers).reduce((sum, one) => sum + one, 0);
    const outcomes = (name: string) => stack.reports.filter(({ event }) => event === name).length;
    return {
      ...account,
      events: sent.length,
      acknowledged: sent.filter(({ acknowledged }) => acknowledged).length,
      answers,
      repeatedByZavu: requests - deliveries,
      retried: outcomes('retried'),
      duplicates: outcomes('duplicate'),
      faults: plan.faults.length,
      kills,
    };
  } finally {
    fallible.mend();
    await fallible.stop();
  }
}

/** Sends every event and its copies at their times, and keeps at each whether it was acknowledged. */
async function send(
  events: Sent[],
  answers: Record<number, number>,
  stack: LocalStack,
  { speed, onProgress }: SoakOptions,
): Promise<void> {
  const to = {
    url: stack.ready.url,
    secret: stack.ready.secret,
    speed,
    onAnswer: (status: number) => {
      answers[status] = (answers[status] ?? 0) + 1;
    },
  };
  let done = 0;
  await Promise.all(
    events.map(async (event) => {
      const body = bodyOf(event);
      const deliveries = [0, ...event.copiesAfterMs].map(async (afterMs) => {
        await sleep(event.atMs + afterMs);
        return deliver(body, { ...to, scheme: event.scheme });
      });
      event.acknowledged = (await Promise.all(deliveries)).includes(true);
      onProgress?.(++done);
    }),
  );
}

function bodyOf({ id, type, order }: Sent): string {
  // With enough for every type, so that handlers see what they see in life.
  const data = {
    messageId: `msg_${id}`,
    templateId: `tpl_${id}`,
    callId: 'call_1',
    direction: 'inbound',
    name: 'n',
    from: '+1',
    to: '+2',
    channel: 'sms',
    status: 's',
  };
  return JSON.stringify({
    id,
    type,
    timestamp: Date.now(),
    projectId: 'prj_1',
    data: { ...data, text: order },
  });
}

/** Lets the faults happen and the sandboxes die at their times. Gives how many died. */
async function strike({ faults, kills }: Plan, { stack, services }: FallibleStack): Promise<number> {
  const struck = faults.map(async ({ atMs, forMs, service, condition }) => {
    await sleep(atMs);
    services[service].become(condition);
    await sleep(forMs);
    services[service].become('up');
  });
  const killed = kills.map(async ({ atMs, of, which }) => {
    await sleep(atMs);
    return stack.kill(`${of}Function`, (pids) => pids.slice(Math.floor(which * pids.length)).slice(0, 1));
  });
  await Promise.all(struck);
  return (await Promise.all(killed)).reduce((sum, one) => sum + one, 0);
}

/** Waits until every worker's queue is empty, messages in flight and hidden ones included. */
async function drained(stack: LocalStack): Promise<void> {
  const sqs = client(stack);
  const queues = Object.entries(stack.ready.queues).filter(([name]) => !isResting(name));
  const deadline = Date.now() + drainMs;
  try {
    for (;;) {
      const counts = await Promise.all(queues.map(([, url]) => waiting(sqs, url)));
      const left = counts.reduce((sum, one) => sum + one, 0);
      if (left === 0) return;
      if (Date.now() > deadline)
        throw new Error(`${left} messages are still queued after ${drainMs / 1000} s.`);
      await sleep(200);
    }
  } finally {
    sqs.destroy();
  }
}

async function waiting(sqs: SQSClient, url: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
  return Number(visible) + Number(hidden);
}

async function entriesOf(sent: Sent[], stack: LocalStack): Promise<Entry[]> {
  const lines = stack.ledger();
  const ended = new Set(lines.flatMap((line) => ('ended' in line ? [line.ended] : [])));
  const effects = new Map<string, Effect[]>();
  for (const line of lines) {
    if (!('id' in line)) continue;
    const effect = { idempotencyKey: line.idempotencyKey, ended: ended.has(line.invocation) };
    effects.set(line.id, [...(effects.get(line.id) ?? []), effect]);
  }
  const unrecorded = new Set(
    stack.reports.flatMap(({ event, line }) => {
      const logged =
        event === 'log' ? (parseJson(line ?? '') as { message?: string; id?: string }) : undefined;
      return logged?.message === 'completion_not_recorded' && logged.id ? [logged.id] : [];
    }),
  );
  const resting = await restingIn(stack);
  return sent.map(({ id, order, acknowledged }) => ({
    id,
    order,
    acknowledged,
    effects: effects.get(id) ?? [],
    resting: resting.get(id) ?? [],
    unrecorded: unrecorded.has(id),
  }));
}

/** What rests in the dead-letter queues and in the parking queue, by event id. Takes it out of them. */
async function restingIn(
  stack: LocalStack,
): Promise<Map<string, { queue: string; reason: string | undefined }[]>> {
  const sqs = client(stack);
  const found = new Map<string, { queue: string; reason: string | undefined }[]>();
  try {
    for (const [name, url] of Object.entries(stack.ready.queues)) {
      const queue = isResting(name);
      while (queue) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) break;
        for (const { Body = '', MessageAttributes } of Messages) {
          const { id }: { id: string } = JSON.parse(Body);
          const rest = { queue, reason: MessageAttributes?.reason?.StringValue };
          found.set(id, [...(found.get(id) ?? []), rest]);
        }
        const entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
      }
    }
  } finally {
    sqs.destroy();
  }
  return found;
}

/** Which kind of resting place a queue is, by its logical id; undefined for a worker's queue. */
function isResting(name: string): 'parking' | 'dead letters' | undefined {
  if (name.startsWith('ReceiverParkingQueue')) return 'parking';
  return name.includes('DeadLetterQueue') ? 'dead letters' : undefined;
}

function client(stack: LocalStack): SQSClient {
  return new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: stack.ready.endpoints.sqs,
    useQueueUrlAsEndpoint: false,
  });
}
