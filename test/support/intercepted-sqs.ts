import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { RecordingProxy } from './recording-proxy.ts';
import { sqsAt } from './sqs.ts';
import type { StartedStack } from './started-stack.ts';
import { changedStateFile } from './state-file.ts';

/** What stands between a command and SQS. */
interface InterceptedSqs {
  /** The state file of a stack whose SQS answers here. */
  stateFile: string;
  /** Ends the time for which the command holds what it has received, as SQS does when that time is over. */
  expire(): Promise<void>;
  stop(): Promise<void>;
}

/** What a command asks of SQS. */
interface SqsCall {
  operation: string;
  queueUrl: string;
}

const denied = JSON.stringify({
  __type: 'com.amazon.coral.service#AccessDeniedException',
  message: 'Not today.',
});

/**
 * Listens to what a command asks of SQS.
 *
 * @param isAllowed told of every call before it is passed on, which waits for its answer; what it does not allow is
 *   denied
 */
export async function interceptSqs(
  stack: StartedStack,
  isAllowed: (call: SqsCall) => boolean | Promise<boolean>,
): Promise<InterceptedSqs> {
  const { sqs } = stack.ready.endpoints;
  const held: { QueueUrl: string; ReceiptHandle: string }[] = [];
  const queueUrlIn = (body: string): string => JSON.parse(body).QueueUrl ?? '';
  const operationIn = (target: unknown): string => String(target).split('.')[1] ?? '';
  const proxy = await RecordingProxy.start({
    target: () => sqs,
    async onRequest({ headers, body }) {
      const call = { operation: operationIn(headers['x-amz-target']), queueUrl: queueUrlIn(body) };
      return (await isAllowed(call)) ? undefined : denied;
    },
    onAnswer({ headers, body }, answer) {
      if (operationIn(headers['x-amz-target']) !== 'ReceiveMessage') return;
      const { Messages = [] }: { Messages?: { ReceiptHandle: string }[] } = JSON.parse(answer);
      held.push(...Messages.map(({ ReceiptHandle }) => ({ QueueUrl: queueUrlIn(body), ReceiptHandle })));
    },
  });
  const stateFile = changedStateFile(stack, proxy.endpoint.split(':').at(-1) ?? '', (changed) => {
    changed.endpoints.sqs = proxy.endpoint;
  });
  return {
    stateFile,
    async expire() {
      const client = sqsAt(sqs, stack.ready.credentials);
      const ends = held
        .splice(0)
        .map((message) =>
          client.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 })),
        );
      // What it has deleted has no time that could end.
      await Promise.allSettled(ends);
      client.destroy();
    },
    stop: () => proxy.stop(),
  };
}
