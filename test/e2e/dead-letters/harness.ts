import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Ended, runCommand } from '../../support/command.ts';
import { sqsAt } from '../../support/sqs.ts';
import { StartedStack } from '../../support/started-stack.ts';

/**
 * `npx zavu-webhooks dead-letters` and `npx zavu-webhooks unrouted`, over the wire, on dead letters that handlers made by failing.
 *
 * A `*.test.ts` file of this folder is one stack. It imports the verbs that are tried on it, a file for each, so that a
 * stack is started once for all of them.
 */
export let stack: StartedStack;
export let sqs: SQSClient;

/** A secret that proves the events of one sender. The stack has one for everybody besides. */
export const ofSender = { secret: 'whsec_of_sender_snd_1', sender: 'snd_1' };

/** Starts the stack before the tests of a file, and ends it after them. Each test begins without any dead letter. */
export function useStack(): void {
  beforeAll(async () => {
    const ZAVU_WEBHOOK_SECRET = JSON.stringify(['whsec_of_everybody_1', ofSender]);
    stack = await StartedStack.start({ env: { ZAVU_WEBHOOK_SECRET } });
    sqs = sqsAt(stack.ready.endpoints.sqs, stack.ready.credentials);
  });
  afterEach(async () => {
    stack.fix(false);
    const purges = urlsOf(/(DeadLetter|Unrouted)QueueUrl$/).map((QueueUrl) =>
      sqs.send(new PurgeQueueCommand({ QueueUrl })),
    );
    await Promise.all(purges);
  });
  afterAll(async () => {
    sqs.destroy();
    await stack.stop();
  });
}

/** The queues whose outputs have such names. */
function urlsOf(name: RegExp): string[] {
  return Object.entries(stack.ready.outputs).flatMap(([output, url]) => (name.test(output) ? [url] : []));
}

export function deadLetters(...args: string[]): Promise<Ended> {
  return runCommand('dead-letters', args, stack);
}

export function unrouted(...args: string[]): Promise<Ended> {
  return runCommand('unrouted', args, stack);
}

/** What `list --json` prints. */
interface Listed {
  scans: { queue: string; seen: number; hidden: number; complete: boolean }[];
  groups: Record<string, unknown>[];
  messages: { id: string; messageId: string; worker: string; error: string; failedAt: string }[];
}

/** What a command lists. */
export async function listed(
  command: 'dead-letters' | 'unrouted' = 'dead-letters',
  ...args: string[]
): Promise<Listed> {
  const { code, stdout, stderr } = await runCommand(command, ['list', '--json', '--details', ...args], stack);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The events that are listed. On a busy machine a call is repeated now and then, and an event has two dead letters. */
export async function listedIds(...args: string[]): Promise<string[]> {
  const { messages } = await listed('dead-letters', ...args);
  const messageIds = messages.map(({ messageId }) => messageId);
  expect(new Set(messageIds).size).toBe(messageIds.length);
  return [...new Set(messages.map(({ id }) => id))].sort();
}

/** The dead letters that SQS itself shows: in a tenth of the time that a command takes to start. */
export async function kept(): Promise<{ id: string; messageId: string; type: string }[]> {
  const urls = urlsOf(/DeadLetterQueueUrl$/);
  const found = await Promise.all(
    urls.map(async (QueueUrl) => {
      const all: Message[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        );
        if (Messages.length === 0) break;
        all.push(...Messages);
      }
      await Promise.all(
        all.map(({ ReceiptHandle }) =>
          sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
        ),
      );
      return all;
    }),
  );
  return found.flat().map(({ Body = '', MessageId: messageId = '' }) => {
    const { id, type }: { id: string; type: string } = JSON.parse(Body);
    return { id, messageId, type };
  });
}

/** Their events. */
export async function keptIds(): Promise<string[]> {
  return [...new Set((await kept()).map(({ id }) => id))].sort();
}

/** How many messages of a queue are hidden from whoever reads it now. */
export async function hidden(output: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.ready.outputs[output],
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}
