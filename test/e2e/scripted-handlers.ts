import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { SQSHandler } from 'aws-lambda';
import { type Handler, PermanentFailure } from '../../lambda/handlers/handler.ts';
import { orders } from './orders.ts';

const { LEDGER = '', IDEMPOTENCY_TABLE } = process.env;

/** The invocation that runs. A sandbox has one at a time. */
let invocation = '';

/** A line of the ledger: a side effect, or the end of an invocation that came to it. */
export type LedgerLine =
  | {
      id: string;
      attempt: number;
      idempotencyKey: string;
      text: unknown;
      invocation: string;
      /** In a forced replay only. */
      replayed?: true;
      /** Of an event that was rebuilt only. */
      reconciled?: true;
    }
  | { ended: string };

/** A handler that does as its event's text says (`orders`), and writes every side effect into the ledger. */
export function scripted(handle: Handler<never>): Handler<never> {
  return async (event: Ordered, context) => {
    const { id, data } = event;
    const { attempt, idempotencyKey, replayed, reconciled } = context;
    const text = 'text' in data ? data.text : '';
    if (text === orders.throw || (text === orders.throwOnce && isFirst(id)))
      throw new Error('Cannot reach +56912345678');
    if (text === orders.refuse) throw new PermanentFailure('No such customer: +56912345678');
    if (text === orders.refuseUntilFixed && !isFixed())
      throw new PermanentFailure('No such customer yet: +56912345678');
    if (text === orders.trespass)
      await new DynamoDBClient().send(new ScanCommand({ TableName: IDEMPOTENCY_TABLE }));
    if (text === orders.hang) await forever();
    const odd = oddities.get(String(text));
    if (odd) {
      write({ id, attempt, idempotencyKey, text, invocation });
      await odd();
    }
    if (text === orders.die || (text === orders.dieOnce && isFirst(id))) die();
    if (text === orders.waitToBeKilled && !existsSync(`${LEDGER}.killed.${id}`)) {
      writeFileSync(`${LEDGER}.waiting.${id}`, String(process.pid));
      await forever();
    }
    if (text === orders.take600Mb) Buffer.alloc(600 * 2 ** 20, 1);
    if (text === orders.tamper) {
      Object.assign(data, { messageId: 'tampered', templateId: 'tampered' });
      Object.assign(event, { type: 'message.read', timestamp: 0, projectId: 'prj_tampered' });
    }
    if (text === orders.slow) await sleep(300);
    await handle(event as never, context);
    const how = { ...(replayed ? { replayed } : {}), ...(reconciled ? { reconciled } : {}) };
    write({ id, attempt, idempotencyKey, text, invocation, ...how });
    if (text === orders.dieAfterEffect && isFirst(id)) die();
    while (text === orders.lingerUntilFixed && !isFixed()) await sleep(20);
  };
}

/** Texts of events whose handlers end in an odd way, after a side effect. */
export const oddities: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['throw undefined', () => Promise.reject(undefined)],
  ['throw a symbol', () => Promise.reject(Symbol('odd'))],
  ['throw an object without a prototype', () => Promise.reject(Object.create(null))],
  ['throw a proxy that throws', () => Promise.reject(new Proxy(new Error('odd'), throwingTraps))],
  [
    'throw an error that is its own cause',
    () => {
      const error: Error & { cause?: unknown } = new Error('odd');
      error.cause = error;
      throw error;
    },
  ],
  [
    'throw an error whose name is no text',
    () => Promise.reject(Object.assign(new Error('odd'), { name: 42 })),
  ],
  // A name for which Powertools would run the handler again.
  [
    'throw an error of another name',
    () => Promise.reject(Object.assign(new Error('odd'), { name: 'IdempotencyInconsistentStateError' })),
  ],
  [
    'give a thenable that throws',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: it is the subject
      then() {
        throw new Error('odd');
      },
    }),
  ],
]);

const throwingTraps: ProxyHandler<Error> = {
  get: () => {
    throw new Error('get');
  },
  getPrototypeOf: () => {
    throw new Error('getPrototypeOf');
  },
};

/** What is read of an event: any type of it may carry a text that tells what to do. */
interface Ordered {
  id: string;
  data: object;
}

/** A worker that writes into the ledger which of its invocations came to their end, and dies before a claim if a text says so. */
export function recorded(handler: SQSHandler): SQSHandler {
  return async (event, context, callback) => {
    invocation = context.awsRequestId;
    for (const { body, messageId } of event.Records) {
      if (body.includes(JSON.stringify(orders.dieBeforeClaim)) && isFirst(messageId)) die();
    }
    const result = await handler(event, context, callback);
    write({ ended: invocation });
    return result;
  };
}

/** Whether this is asked for the first time, by any process. */
function isFirst(id: string): boolean {
  try {
    writeFileSync(`${LEDGER}.first.${id}`, '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function isFixed(): boolean {
  return existsSync(`${LEDGER}.fixed`);
}

function write(line: LedgerLine): void {
  appendFileSync(LEDGER, `${JSON.stringify(line)}\n`);
}

function forever(): Promise<void> {
  return new Promise(() => setInterval(() => undefined, 1000));
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
