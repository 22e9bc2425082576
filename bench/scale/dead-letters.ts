import { CreateQueueCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { maxRate } from '../../cli/shared/rate.ts';
import { textAttributes } from '../../lambda/queued-event/attributes.ts';
import type { DeadLetterReason } from '../../lambda/queued-event/dead-letter.ts';
import { Emulators } from '../../test/emulators/emulators.ts';
import { startCloudFormation } from '../../test/support/cloudformation.ts';
import { sqsAt } from '../../test/support/sqs.ts';
import { inboundBody } from '../webhook.ts';
import type { Dimension } from './dimension.ts';
import { type CommandUse, dimensionsOf, measureCommand } from './measured-command.ts';
import { environment, outputs } from './stack.ts';

/**
 * What is measured, in an order in which no verb takes away what the next one reads. A redrive sends 500 a second, so
 * that 100,000 would take three minutes: of so many only the dry run is measured.
 */
const verbs = [
  { name: 'list', words: ['list'], most: Number.POSITIVE_INFINITY },
  // Each error has a message of its own, so that each dead letter is a group of its own.
  { name: 'list --reveal', words: ['list', '--reveal'], most: Number.POSITIVE_INFINITY },
  { name: 'redrive --dry-run', words: ['redrive', '--all', '--dry-run'], most: Number.POSITIVE_INFINITY },
  { name: 'redrive', words: ['redrive', '--all', `--rate=${maxRate}`], most: 10_000 },
];

/** What a command may take at most, in MB: it reads no more than 100,000 dead letters of a queue. */
const maxHeapMb = 256;
const maxProcessMb = 768;

/**
 * How commands grow with the number of dead letters in a queue of the local run's SQS.
 *
 * @param sizes how many dead letters
 */
export async function measureDeadLetters(sizes: readonly number[], workspace: string): Promise<Dimension[]> {
  const emulators = await Emulators.start();
  const sqs = sqsAt(emulators.endpoints.sqs);
  const measured = new Map<string, { size: number; taken: CommandUse }[]>(
    verbs.map(({ name }) => [name, []]),
  );
  try {
    for (const size of sizes) {
      const queue = await createQueue(sqs, `queue-${size}`);
      const dead = await createQueue(sqs, `dead-${size}`);
      await fill(sqs, dead, size);
      const own = outputs({ InboundQueueUrl: queue, InboundDeadLetterQueueUrl: dead });
      const cloudFormation = await startCloudFormation({ Scale: own });
      const env = environment({ CLOUDFORMATION: cloudFormation.endpoint, SQS: emulators.endpoints.sqs });
      for (const { name, words } of verbs.filter(({ most }) => size <= most)) {
        const taken = await measureCommand('dead-letters', [...words, '--stack', 'Scale'], env, workspace);
        assertAll(taken.stdout, size);
        measured.get(name)?.push({ size, taken });
      }
      await cloudFormation.stop();
    }
  } finally {
    sqs.destroy();
    await emulators.stop();
  }
  return [...measured].flatMap(([name, points]) =>
    dimensionsOf({ name: `\`dead-letters ${name}\``, sizeUnit: 'dead letters' }, points, {
      heap: { growth: 'bounded', most: maxHeapMb },
      process: { growth: 'bounded', most: maxProcessMb },
    }),
  );
}

async function createQueue(sqs: SQSClient, QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function fill(sqs: SQSClient, QueueUrl: string, size: number): Promise<void> {
  let left = size;
  const sender = async () => {
    while (left > 0) {
      const count = Math.min(10, left);
      left -= count;
      const Entries = Array.from({ length: count }, (_, index) => deadLetter(left + index));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
}

/** A dead letter as a worker writes it. */
function deadLetter(number: number) {
  const attributes = {
    reason: 'attempts_exhausted' satisfies DeadLetterReason,
    error: `Error: The order ${number} is not there.`,
    place: 'handlers/orders.ts:12:7',
    attempts: '5',
    codeVersion: '1a2b3c4d',
    failedAt: new Date().toISOString(),
  };
  return { Id: String(number), MessageBody: inboundBody(), MessageAttributes: textAttributes(attributes) };
}

/** @throws Error if a command did not tell of each dead letter */
function assertAll(stdout: string, size: number): void {
  const [, count] = /(\d+) dead letters?\b/.exec(stdout) ?? [];
  if (Number(count) !== size)
    throw new Error(`A command tells of ${count} dead letters of ${size}: ${stdout.slice(0, 500)}`);
}
