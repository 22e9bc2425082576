import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { LocalState } from '../../local/state.ts';
import { RecordingProxy } from './recording-proxy.ts';
import { sqsAt } from './sqs.ts';
import type { StartedStack } from './started-stack.ts';

const root = join(import.meta.dirname, '../..');

export interface Ended {
  /** Null where it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  process: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts `npm run dead-letters` or `npm run unrouted` on the stack of a note. */
export function startTool(command: 'dead-letters' | 'unrouted', note: string, ...args: string[]): Running {
  return startToolOf(root, command, note, ...args);
}

/** Starts a command with the code of a copy of this project. */
export function startToolOf(
  directory: string,
  command: 'dead-letters' | 'unrouted' | 'replay',
  note: string,
  ...args: string[]
): Running {
  const child = spawn(process.execPath, [`cli/${command}.ts`, ...args], {
    cwd: directory,
    env: { ...process.env, ZAVU_LOCAL_STATE: note },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return {
    process: child,
    ended: ended.then(([[code], stdout, stderr]) => ({ code, stdout, stderr })),
  };
}

/** Writes a note like a stack's own, changed. */
export function changedNote(stack: StartedStack, name: string, change: (note: LocalState) => void): string {
  const note: LocalState = JSON.parse(readFileSync(stack.note, 'utf8'));
  change(note);
  const file = `${stack.note}.${name}`;
  writeFileSync(file, JSON.stringify(note));
  return file;
}

/** What stands between a tool and SQS. */
export interface Wiretap {
  /** The note of a stack whose SQS answers here. */
  note: string;
  /** Ends the time for which the tool holds what it has received, as SQS does when that time is over. */
  expire(): Promise<void>;
  stop(): Promise<void>;
}

/** What a tool asks of SQS. */
export interface SqsCall {
  operation: string;
  queueUrl: string;
}

const denied = JSON.stringify({
  __type: 'com.amazon.coral.service#AccessDeniedException',
  message: 'Not today.',
});

/**
 * Listens to what a tool asks of SQS.
 *
 * @param isAllowed told of every call before it is passed on, which waits for its answer; what it does not allow is
 *   denied
 */
export async function wiretap(
  stack: StartedStack,
  isAllowed: (call: SqsCall) => boolean | Promise<boolean>,
): Promise<Wiretap> {
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
  const note = changedNote(stack, proxy.endpoint.split(':').at(-1) ?? '', (changed) => {
    changed.endpoints.sqs = proxy.endpoint;
  });
  return {
    note,
    async expire() {
      const client = sqsAt(sqs);
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
