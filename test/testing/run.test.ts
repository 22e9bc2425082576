import { setTimeout as sleep } from 'node:timers/promises';
import { type Handler, PermanentFailure } from '../../lambda/handlers/handler.ts';
import { ownerOf } from '../../lambda/zavu/owner.ts';
import { settingsSchema } from '../../lib/settings/schema.ts';
import { run } from '../../testing/run.ts';
import { sample } from '../../testing/sample.ts';

type Inbound = Handler<'message.inbound'>;

const event = sample('message.inbound', { text: 'Hola' }, { senderId: 'snd_1' });
const failing: Inbound = async () => {
  throw new TypeError('down');
};
const { retryDelaysSeconds, workerTimeoutSeconds } = settingsSchema.parse({});
const last = retryDelaysSeconds.length + 1;

describe('outcome', () => {
  test('a handler that returns has handled its event', async () => {
    expect(await run(async () => undefined, event)).toEqual({ outcome: 'handled', logs: [] });
  });

  test('a handler that throws is tried again, until the last attempt', async () => {
    expect(await run(failing, event)).toEqual({ outcome: 'retried', error: new TypeError('down'), logs: [] });
    expect(await run(failing, event, { attempt: last - 1 })).toMatchObject({ outcome: 'retried' });
    expect(await run(failing, event, { attempt: last })).toMatchObject({
      outcome: 'dead_lettered',
      reason: 'attempts_exhausted',
      error: new TypeError('down'),
    });
    expect(await run(failing, event, { attempt: 2, maxAttempts: 2 })).toMatchObject({
      outcome: 'dead_lettered',
    });
  });

  test('PermanentFailure dead-letters at once', async () => {
    const refusing: Inbound = async () => {
      throw new PermanentFailure('closed');
    };
    expect(await run(refusing, event)).toMatchObject({
      outcome: 'dead_lettered',
      reason: 'permanent_failure',
      error: new PermanentFailure('closed'),
    });
  });

  test('a handler that throws before it gives a promise fails as any other', async () => {
    const handler: Inbound = () => {
      throw new RangeError('early');
    };
    expect(await run(handler, event)).toMatchObject({ outcome: 'retried', error: new RangeError('early') });
  });

  test('an attempt that no worker makes is an error', async () => {
    await expect(run(failing, event, { attempt: last + 1 })).rejects.toThrow(
      `attempt is ${last + 1}. A worker runs a handler ${last} times at most, from 1.`,
    );
    await expect(run(failing, event, { attempt: 0 })).rejects.toThrow('attempt is 0.');
  });
});

describe('context', () => {
  /** What a handler gets. */
  const contextOf = async (...options: [Parameters<typeof run>[2]?]) => {
    const got: Parameters<Inbound>[1][] = [];
    await run<'message.inbound'>(async (_, context) => void got.push(context), event, ...options);
    const [context] = got;
    if (!context) throw new Error('The handler did not run.');
    return context;
  };

  test('is the one of a first attempt', async () => {
    expect(await contextOf()).toMatchObject({
      attempt: 1,
      replayed: false,
      drift: [],
      idempotencyKey: `${event.id}:${ownerOf(event)}`,
    });
  });

  test('has another key in a forced replay, and the same in each attempt', async () => {
    const [first, second, replayed] = [
      await contextOf(),
      await contextOf({ attempt: 2 }),
      await contextOf({ replayed: true }),
    ];
    expect(second).toMatchObject({ attempt: 2, idempotencyKey: first.idempotencyKey });
    expect(replayed.replayed).toBe(true);
    expect(replayed.idempotencyKey).toMatch(new RegExp(`^${first.idempotencyKey}:.+`));
  });

  test('has the drift that a worker finds, and the event in the form that it makes', async () => {
    const odd = sample('message.failed', { errorCode: 30003 as never });
    const seen: unknown[] = [];
    await run(async ({ data }, { drift }) => void seen.push(data.errorCode, drift), odd);
    expect(seen).toEqual(['30003', ['errorCode']]);
    expect((await contextOf({ drift: ['text'] })).drift).toEqual(['text']);
  });

  test('an event of a type that the catalogue does not know is an error', async () => {
    await expect(run(failing, { ...event, type: 'message.misspelt' as never })).rejects.toThrow(
      'A worker runs no handler for an event of a type that the catalogue does not know.',
    );
  });
});

test('the handler may change its event, and the test has its own', async () => {
  const handler: Inbound = async (own) => {
    own.data.text = 'changed';
  };
  expect(await run(handler, event)).toMatchObject({ outcome: 'handled' });
  expect(event.data.text).toBe('Hola');
});

describe('time', () => {
  test('is as long as a worker has by default', async () => {
    const times: number[] = [];
    await run(async (_, { remainingTime }) => void times.push(remainingTime()), event);
    expect(times[0]).toBeLessThanOrEqual(workerTimeoutSeconds * 1000);
    expect(times[0]).toBeGreaterThan((workerTimeoutSeconds - 10) * 1000);
  });

  test('aborts the signal before it is over, and a handler that ends then fails as it says', async () => {
    const handler: Inbound = (_, { signal }) => sleep(60_000, undefined, { signal });
    const { outcome, error } = await run(handler, event, { timeoutMs: 400 });
    expect(outcome).toBe('retried');
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  test('ends a handler that ignores the signal, as its function is killed', async () => {
    let end = () => {};
    const handler: Inbound = () =>
      new Promise((resolve) => {
        end = resolve;
      });
    const early = await run(handler, event, { timeoutMs: 20 });
    expect(early).toMatchObject({ outcome: 'retried', error: { name: 'TimedOut' } });
    end();
    const late = await run(handler, event, { timeoutMs: 20, attempt: last });
    expect(late).toMatchObject({
      outcome: 'dead_lettered',
      reason: 'timed_out',
      error: { name: 'TimedOut' },
    });
    end();
  });
});

describe('log', () => {
  test('has the lines that AWS gets, with the fields of the event', async () => {
    const handler: Inbound = async (_, { logger }) =>
      logger.info('ticket_opened', { conversationId: 'cnv_1' });
    const { logs } = await run(handler, event, { attempt: 2, worker: 'inbound' });
    expect(logs).toEqual([
      {
        level: 'INFO',
        timestamp: expect.any(String),
        message: 'ticket_opened',
        worker: 'inbound',
        attempt: 2,
        id: event.id,
        type: 'message.inbound',
        conversationId: 'cnv_1',
      },
    ]);
  });

  test('has nothing that the allow-list does not take', async () => {
    const handler: Inbound = async (own, { logger }) => {
      logger.warn('odd', { conversationId: own.data.from, text: own.data.text } as never);
    };
    const { logs } = await run(handler, event);
    expect(logs).toMatchObject([{ level: 'WARN', message: 'odd', conversationId: '(text)' }]);
    expect(JSON.stringify(logs)).not.toContain('Hola');
  });
});
