import type { Context, SQSRecord } from 'aws-lambda';
import { canaryType } from '../../../lambda/canary/event.ts';
import { createLogger } from '../../../lambda/shared/log.ts';
import { createBatchHandler } from '../../../lambda/worker/batch.ts';
import type { Guard } from '../../../lambda/worker/idempotency.ts';

const data = { messageId: 'msg_1', from: '+1', worker: 'inbound' };
const event = { id: 'evt_1', type: 'message.inbound', timestamp: 1, data };

const record = (body: object, messageId: string) =>
  ({
    messageId,
    body: JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
  }) as unknown as SQSRecord;

/** A guard that remembers what was done, and its keys. */
function guard(): Guard & { keys: Set<string> } {
  const keys = new Set<string>();
  return {
    keys,
    registerContext: () => undefined,
    async once(key, run) {
      if (keys.has(key)) return { outcome: 'duplicate' };
      keys.add(key);
      await run();
      return { outcome: 'done', recorded: true };
    },
  };
}

test.each([
  ['in one batch', 'the canary first', (a: SQSRecord, b: SQSRecord) => [[a, b]]],
  ['in one batch', 'the event first', (a: SQSRecord, b: SQSRecord) => [[b, a]]],
  ['one after another', 'the canary first', (a: SQSRecord, b: SQSRecord) => [[a], [b]]],
])(
  'an event of the canary and another of the same id, %s, %s: both are handled',
  async (_how, _which, of) => {
    const [handling, canary] = [guard(), guard()];
    const handled: string[] = [];
    const lines: string[] = [];
    const handle = createBatchHandler({
      name: 'inbound',
      handlerOf:
        ({ type }) =>
        async () =>
          void handled.push(type),
      handling,
      canary,
      publication: undefined,
      metrics: { count: () => undefined, endToEnd: () => undefined, publish: () => undefined },
      retry: {
        maxAttempts: 1,
        delayAfter: () => 0,
        backOff: async () => undefined,
        setAside: async () => undefined,
      },
      log: createLogger({}, (line) => lines.push(line)),
    });
    const context = { getRemainingTimeInMillis: () => 3_000 } as Context;
    for (const Records of of(record({ ...event, type: canaryType }, 'a'), record(event, 'b'))) {
      expect(await handle({ Records }, context, () => undefined)).toEqual({ batchItemFailures: [] });
    }
    expect(handled).toEqual(['message.inbound']);
    expect([...handling.keys]).toEqual(['evt_1']);
    expect([...canary.keys]).toEqual(['evt_1']);
    expect(lines.join()).not.toContain('duplicate');
  },
);
