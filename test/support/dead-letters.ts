import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { LocalState } from '../../local/state.ts';
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

/** Starts `npm run dead-letters` or `npm run unrouted` on the stack of a state file. */
export function startTool(
  command: 'dead-letters' | 'unrouted',
  stateFile: string,
  ...args: string[]
): Running {
  return startToolOf(root, command, stateFile, ...args);
}

/** Starts a command with the code of a copy of this project. */
export function startToolOf(
  directory: string,
  command: 'dead-letters' | 'unrouted' | 'replay',
  stateFile: string,
  ...args: string[]
): Running {
  const child = spawn(process.execPath, [`cli/${command}.ts`, ...args], {
    cwd: directory,
    env: { ...process.env, ZAVU_LOCAL_STATE: stateFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return {
    process: child,
    ended: ended.then(([[code], stdout, stderr]) => ({ code, stdout, stderr })),
  };
}

/** Writes a state file like a stack's own, changed. */
export function changedStateFile(
  stack: StartedStack,
  name: string,
  change: (state: LocalState) => void,
): string {
  const state: LocalState = JSON.parse(readFileSync(stack.stateFile, 'utf8'));
  change(state);
  const file = `${stack.stateFile}.${name}`;
  writeFileSync(file, JSON.stringify(state));
  return file;
}

/** What stands between a tool and SQS. */
export interface Wiretap {
  /** The state file of a stack whose SQS answers here. */
  stateFile: string;
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
  const underWay = new Set<Promise<void>>();
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    const { QueueUrl: queueUrl = '' }: { QueueUrl?: string } = JSON.parse(body.toString());
    if (!(await isAllowed({ operation, queueUrl }))) return void response.writeHead(400).end(denied);
    const options = { method: 'POST', headers: incoming.headers, agent: false } as const;
    const outgoing = request(new URL(incoming.url ?? '/', sqs), options);
    outgoing.end(body);
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    if (!answer) throw new Error('unreachable');
    const answered = await buffer(answer);
    if (operation === 'ReceiveMessage') {
      const { Messages = [] }: { Messages?: { ReceiptHandle: string }[] } = JSON.parse(answered.toString());
      held.push(...Messages.map(({ ReceiptHandle }) => ({ QueueUrl: queueUrl, ReceiptHandle })));
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
  };
  const server = createServer((incoming, response) => {
    const passing = pass(incoming, response)
      .catch(() => void response.destroy())
      .finally(() => underWay.delete(passing));
    underWay.add(passing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stateFile = changedStateFile(stack, String(port), (changed) => {
    changed.endpoints.sqs = `http://127.0.0.1:${port}`;
  });
  return {
    stateFile,
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
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // SQS answers what was on its way, though the tool is dead: what it holds then is to be known.
      await Promise.all(underWay);
    },
  };
}
