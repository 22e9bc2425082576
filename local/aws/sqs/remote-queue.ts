import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Credentials } from '../../credentials.ts';
import type { PolledQueue, ReceivedMessage } from '../../runtime/event-sources/polled-queue.ts';
import { region } from '../template/environment.ts';

const waitSeconds = 1;

/** A queue of an SQS that runs elsewhere, polled over the wire, through the endpoint of the local AWS. */
export class RemoteQueue implements PolledQueue {
  readonly cutsCleanly = false;
  readonly #url: string;
  readonly #sqs: SQSClient;

  /** @param credentials tell the endpoint in whose role it polls */
  constructor(url: string, endpoint: string, credentials: Credentials) {
    this.#url = url;
    this.#sqs = new SQSClient({ region, credentials, endpoint, maxAttempts: 1 });
  }

  async receive(max: number, signal: AbortSignal): Promise<ReceivedMessage[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: signal },
    );
    return Messages;
  }

  async delete(receiptHandles: readonly string[]): Promise<void> {
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
  }
}
