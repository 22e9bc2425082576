import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { encodingAttribute } from '../../lambda/queued-event/attributes.ts';
import { unpackBytes } from '../../lambda/queued-event/text.ts';
import { idOfBytes, readEnvelope } from '../../lambda/zavu/envelope.ts';
import type { Ready } from '../../testing/report-line.ts';
import { eventually } from './eventually.ts';
import { sqsAt } from './sqs.ts';

/** A message that is still in a worker's queue, and visible. */
export interface Queued {
  id: string;
  queue: string;
  receives: number;
}

/** A message that was looked at. */
interface Found {
  body: string;
  /** What was signed, however the body holds it. */
  signed: Buffer;
  attributes: Record<string, string>;
}

/** What SQS says of a worker's queue. */
export interface Figures {
  queue: string;
  visible: number;
  hidden: number;
  delayed: number;
  visibilityTimeoutSeconds: number;
}

/** The queues of a local run, as SQS itself tells of them. */
export class Queues {
  readonly #sqs: SQSClient;
  readonly #urls: [string, string][];

  constructor(ready: Pick<Ready, 'queues' | 'endpoints' | 'credentials'>) {
    this.#urls = Object.entries(ready.queues);
    this.#sqs = sqsAt(ready.endpoints.sqs, ready.credentials);
  }

  /**
   * Lets messages of the workers' queues come back sooner after a receive than the template has it: six times the
   * workers' time-out, which is long for a test whose functions die, or whose long polls are cut. Handlers keep their
   * time.
   *
   * @param seconds more than a function may take to start and to run; else a message comes back in the middle of it
   */
  async hideFor(seconds: number): Promise<void> {
    await Promise.all(
      this.#ofWorkers().map(([, QueueUrl]) =>
        this.#sqs.send(
          new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } }),
        ),
      ),
    );
  }

  /** What is in each worker's queue. */
  figures(): Promise<Figures[]> {
    return Promise.all(
      this.#ofWorkers().map(async ([queue, QueueUrl]) => {
        const { Attributes = {} } = await this.#sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        return {
          queue,
          visible: Number(Attributes.ApproximateNumberOfMessages),
          hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
          delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed),
          visibilityTimeoutSeconds: Number(Attributes.VisibilityTimeout),
        };
      }),
    );
  }

  /** Whether no message waits in a worker's queue, is in a worker's hands or comes back later. */
  async areEmpty(): Promise<boolean> {
    return (await this.figures()).every(({ visible, hidden, delayed }) => visible + hidden + delayed === 0);
  }

  /** Takes the visible messages of the workers' queues: a look at what is stuck, after which nothing goes on. */
  async takeVisible(): Promise<Queued[]> {
    const found = this.#ofWorkers().map(async ([queue, url]) => {
      const messages: Queued[] = [];
      for (;;) {
        const { Messages = [] } = await this.#receive(url);
        if (Messages.length === 0) return messages;
        for (const message of Messages) {
          messages.push({
            id: idOf(message),
            queue,
            // Less this one.
            receives: Number(message.Attributes?.ApproximateReceiveCount) - 1,
          });
        }
      }
    });
    return (await Promise.all(found)).flat();
  }

  /** What stays in the dead-letter queues and in the unrouted queue, by event id. Takes it out of them. */
  async takeKept(): Promise<Map<string, { queue: string; reason: string | undefined }[]>> {
    const found = new Map<string, { queue: string; reason: string | undefined }[]>();
    for (const [name, url] of this.#urls) {
      const queue = kindOf(name);
      while (queue) {
        const { Messages = [] } = await this.#receive(url);
        if (Messages.length === 0) break;
        for (const message of Messages) {
          const place = { queue, reason: message.MessageAttributes?.reason?.StringValue };
          const id = idOf(message);
          found.set(id, [...(found.get(id) ?? []), place]);
        }
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
      }
    }
    return found;
  }

  /**
   * Waits for the message of an event in a queue whose logical id begins with `name`, and leaves it there.
   *
   * @param id of the event, or of bytes that are none (`idOfBytes`)
   * @returns its body as it is, what was signed, and its attributes
   */
  async find(name: string, id: string): Promise<Found> {
    const url = this.#urlOf(name);
    let found: Found | undefined;
    await eventually(
      async () => {
        // Looking at one message must not hide the others.
        const { Messages = [] } = await this.#receive(url, { WaitTimeSeconds: 1, VisibilityTimeout: 0 });
        // The latest, if it came there several times.
        const message = Messages.findLast((each) => idOf(each) === id);
        found = message && {
          body: message.Body ?? '',
          signed: signedOf(message),
          attributes: attributesOf(message),
        };
        return found !== undefined;
      },
      () => `${id} in ${name}`,
    );
    if (!found) throw new Error('unreachable');
    return found;
  }

  /** Puts messages into a queue whose logical id begins with `name`, in one call: 10 at most. */
  async send(name: string, bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((body, index) => ({ Id: String(index), MessageBody: body }));
    await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#urlOf(name), Entries }));
  }

  destroy(): void {
    this.#sqs.destroy();
  }

  #ofWorkers(): [string, string][] {
    return this.#urls.filter(([name]) => !kindOf(name));
  }

  #urlOf(name: string): string {
    const [, url] = this.#urls.find(([logicalId]) => logicalId.startsWith(name)) ?? [];
    if (!url) throw new Error(`No queue's logical id begins with ${name}.`);
    return url;
  }

  #receive(QueueUrl: string, options: { WaitTimeSeconds?: number; VisibilityTimeout?: number } = {}) {
    return this.#sqs.send(
      new ReceiveMessageCommand({
        ...options,
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
  }
}

/** Which kind of queue keeps messages, by its logical id; undefined for a worker's queue. */
function kindOf(name: string): 'unrouted' | 'dead letters' | undefined {
  if (name.startsWith('ReceiverUnroutedQueue')) return 'unrouted';
  return name.includes('DeadLetterQueue') ? 'dead letters' : undefined;
}

function idOf(message: Message): string {
  const signed = signedOf(message);
  return readEnvelope(signed.toString(), Date.now())?.event.id ?? idOfBytes(signed);
}

function signedOf({ Body = '', MessageAttributes }: Message): Buffer {
  return unpackBytes(Body, MessageAttributes?.[encodingAttribute]?.StringValue) ?? Buffer.from(Body);
}

function attributesOf({ MessageAttributes = {} }: Message): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
}
