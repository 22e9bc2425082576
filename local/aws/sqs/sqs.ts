import { buildApp } from 'fauxqs';
import { type Clock, createClock } from '../../clock.ts';
import { type Emulator, listen } from '../emulator.ts';
import type { Guard } from '../guard.ts';
import type { TopicDeliveries } from '../sns/sns.ts';
import { setTopics } from '../sns/topics.ts';
import { acceptEventHandles } from './event-handle.ts';
import { LocalQueue, type QueueMessage, type SqsStore, type Stores } from './local-queue.ts';
import { MessageTimes } from './message-times.ts';
import { limitVisibility } from './visibility-limit.ts';

/** SQS in this process. */
export interface LocalSqs extends Emulator {
  /** The queue of a name, as this process polls and measures it; undefined if there is none. */
  queue(name: string): LocalQueue | undefined;
  /** Takes the topics that deliver to its queues, in place of those before. */
  setTopics(topics: readonly TopicDeliveries[]): void;
}

/**
 * Starts SQS on a free port of the loopback interface: fauxqs, with the rules of SQS that go by the clock, which fauxqs
 * does not know. No message is hidden for more than 12 hours from its receive, and each is deleted at its retention.
 *
 * `buildApp` rather than fauxqs's own `startFauxqs`, which listens on every interface.
 *
 * @param clock by which messages grow old
 * @param machine by which they are hidden: functions take the machine's time
 * @param guard before the port
 */
export async function startSqs(
  clock: Clock = createClock(),
  machine = createClock(),
  guard?: Guard,
): Promise<LocalSqs> {
  const queues = new Map<string, LocalQueue>();
  const stores = await createStores();
  const { sqsStore, snsStore } = stores;
  observe(sqsStore, queues, new MessageTimes(clock, machine), clock);
  const queueOf = (body: unknown) => {
    const { QueueUrl } = Object(body) as { QueueUrl?: unknown };
    return typeof QueueUrl === 'string' ? queues.get(QueueUrl.split('/').at(-1) ?? '') : undefined;
  };
  const app = buildApp({ logger: false, stores });
  app.addHook('preHandler', async (request) => {
    queueOf(request.body)?.expire();
  });
  acceptEventHandles(app, queueOf);
  limitVisibility(app, queueOf);
  await app.ready();
  const emulator = await listen(app.server, guard);
  return {
    ...emulator,
    queue: (name) => queues.get(name),
    setTopics: (topics) => setTopics(snsStore, topics),
    async stop() {
      await emulator.stop();
      await app.close();
    },
  };
}

/** The stores that fauxqs would create for itself. Its package exports their types alone, not their classes. */
async function createStores(): Promise<Required<Stores>> {
  const load = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href);
  const [{ SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['./sqs/sqsStore.js', './sns/snsStore.js', './s3/s3Store.js'].map(load),
  );
  return { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
}

function observe(
  store: SqsStore,
  queues: Map<string, LocalQueue>,
  times: MessageTimes<QueueMessage>,
  clock: Clock,
): void {
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...what) => {
    const queue = createQueue(...what);
    queues.set(queue.name, new LocalQueue(queue, store, times, () => clock.now()));
    return queue;
  };
}
