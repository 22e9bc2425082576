import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type { Note } from '../../local/note.ts';
import type { LocalStack } from './local-stack.ts';

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

/** Starts `npm run dead-letters` or `npm run parked` on the stack of a note. */
export function startTool(command: 'dead-letters' | 'parked', note: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [`tools/${command}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ZAVU_LOCAL_NOTE: note },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return {
    process: child,
    ended: ended.then(([[code], stdout, stderr]) => ({ code, stdout, stderr })),
  };
}

/** Writes a note like a stack's own, changed. */
export function changedNote(stack: LocalStack, name: string, change: (note: Note) => void): string {
  const note: Note = JSON.parse(readFileSync(stack.note, 'utf8'));
  change(note);
  const file = `${stack.note}.${name}`;
  writeFileSync(file, JSON.stringify(note));
  return file;
}

/** What stands between a tool and SQS. */
export interface Wiretap {
  /** The note of a stack whose SQS answers here. */
  note: string;
  stop(): Promise<void>;
}

const denied = JSON.stringify({
  __type: 'com.amazon.coral.service#AccessDeniedException',
  message: 'Not today.',
});

/**
 * Listens to what a tool asks of SQS.
 *
 * @param isAllowed told of every operation before it is passed on; what it does not allow is denied
 */
export async function wiretap(
  stack: LocalStack,
  isAllowed: (operation: string) => boolean,
): Promise<Wiretap> {
  const { sqs } = stack.ready.endpoints;
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    if (!isAllowed(operation)) return void response.writeHead(400).end(denied);
    const options = { method: 'POST', headers: incoming.headers, agent: false } as const;
    const outgoing = request(new URL(incoming.url ?? '/', sqs), options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    outgoing.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const note = changedNote(stack, String(port), (changed) => {
    changed.endpoints.sqs = `http://127.0.0.1:${port}`;
  });
  return {
    note,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
