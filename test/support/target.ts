import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { unpackBytes } from '../../lambda/queued-event/text.ts';
import { idOfBytes, readEnvelope } from '../../lambda/zavu/envelope.ts';
import { type Scheme, schemes } from '../../lambda/zavu/signature.ts';
import { parseSecrets } from '../../lambda/zavu/signing-secret.ts';
import { eventually } from './eventually.ts';
import { exchange } from './raw-http.ts';
import { sqsAt } from './sqs.ts';
import type { StartedStack } from './started-stack.ts';

/** A deployment that the conformance suite judges by its answers alone. */
export interface DeployedTarget {
  url: string;
  secrets: readonly string[];
  accepted: readonly Scheme[];
}

/**
 * The deployed stack that the environment names.
 *
 * @returns undefined where it names none: then the local stack is judged
 * @throws Error where its secret is missing or bound to a sender or project, or a scheme is none
 */
export function deployedTarget(env = process.env): DeployedTarget | undefined {
  const { ZAVU_WEBHOOK_URL: url, ZAVU_WEBHOOK_SECRET: secret, ZAVU_ACCEPTED_SIGNATURES: list } = env;
  if (!url) return undefined;
  if (!secret) throw new Error('Set ZAVU_WEBHOOK_SECRET to the signing secret of ZAVU_WEBHOOK_URL.');
  const names = list?.split(',') ?? schemes;
  const accepted = schemes.filter((scheme) => names.includes(scheme));
  if (accepted.length === 0 || accepted.length < names.length) {
    throw new Error(`ZAVU_ACCEPTED_SIGNATURES must be a list of ${schemes.join(', ')}.`);
  }
  // The suite's events name a project of their own.
  const secrets = parseSecrets(secret).flatMap((entry) =>
    entry.sender || entry.project ? [] : [entry.secret],
  );
  if (secrets.length === 0) throw new Error('ZAVU_WEBHOOK_SECRET must hold a secret that is not bound.');
  return { url, secrets, accepted };
}

/**
 * How far the clock of a server is ahead of ours, in milliseconds.
 *
 * A `Date` header has whole seconds. Each answer says that the server's clock was within that second at some
 * moment between sending and receiving; several of them, spread over a second, leave little more than the
 * time that one answer takes.
 */
export async function clockAhead(url: string): Promise<number> {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let probe = 0; probe < 10; probe++) {
    const sentAt = Date.now();
    const { headers } = await exchange(url, { method: 'GET' });
    const second = Date.parse(headers.date ?? '');
    if (Number.isNaN(second)) throw new Error(`${url} answers without a Date: its clock cannot be known.`);
    least = Math.max(least, second - Date.now());
    most = Math.min(most, second + 1000 - sentAt);
    await sleep(110);
  }
  return (least + most) / 2;
}

/**
 * Looks into a queue where messages rest.
 *
 * @param name what the queue's logical id begins with
 * @returns a function that waits for the message of an event, or of what is none, by its id, and gives what was signed
 */
export function restingIn(stack: StartedStack, name: string): (id: string) => Promise<Buffer> {
  const { endpoints, queues } = stack.ready;
  const QueueUrl = Object.entries(queues).find(([logicalId]) => logicalId.startsWith(name))?.[1];
  // What was received is hidden for a while, so that it is remembered for whoever asks next.
  const found = new Map<string, Buffer>();
  return async (id) => {
    const sqs = sqsAt(endpoints.sqs);
    try {
      await eventually(
        async () => {
          if (found.has(id)) return true;
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl,
              MaxNumberOfMessages: 10,
              WaitTimeSeconds: 1,
              MessageAttributeNames: ['All'],
            }),
          );
          for (const { Body = '', MessageAttributes } of Messages) {
            const signed = unpackBytes(Body, MessageAttributes?.encoding?.StringValue) ?? Buffer.from(Body);
            found.set(readEnvelope(signed.toString(), Date.now())?.event.id ?? idOfBytes(signed), signed);
          }
          return false;
        },
        () => `${id} in ${name}`,
      );
      return found.get(id) ?? Buffer.alloc(0);
    } finally {
      sqs.destroy();
    }
  };
}
