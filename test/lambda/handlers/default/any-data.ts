import fc from 'fast-check';
import type { Handler } from '../../../../lambda/handlers/handler.ts';
import { createHandlerLogger } from '../../../../lambda/handlers/logger.ts';
import type { EventType } from '../../../../lambda/zavu/catalogue.ts';
import { type Event, parseEvent } from '../../../../lambda/zavu/event.ts';
import { hostileData, marker } from '../../../support/hostile-data.ts';

/** A handler of any type, as a worker runs it. */
type AnyHandler =
  Handler<never> extends (event: never, context: infer Context) => Promise<void>
    ? (event: Event, context: Context) => Promise<void>
    : never;

/**
 * Tests a default handler with any data of its types: what drifted must not keep an event from being handled. It logs one
 * line.
 *
 * @param handler of all these types
 */
export function takesAnyData<Type extends EventType>(
  handler: Handler<Type>,
  ...types: readonly Type[]
): void {
  takes(handler, types, 1);
}

/** Tests the same of a handler that logs nothing. */
export function takesAnyDataSilently<Type extends EventType>(
  handler: Handler<Type>,
  ...types: readonly Type[]
): void {
  takes(handler, types, 0);
}

function takes<Type extends EventType>(
  handler: Handler<Type>,
  types: readonly Type[],
  linesOfItsOwn: number,
): void {
  test.each(types)('%s: whatever its data, it is handled, and no text is logged', async (type) => {
    await fc.assert(
      fc.asyncProperty(hostileData(type), async (data) => {
        const lines: string[] = [];
        const logger = createHandlerLogger({}, (line) => lines.push(line));
        const envelope = { id: 'evt_1', type, timestamp: 1_736_850_000_000, data };
        const parsed = parseEvent(envelope);
        if (!parsed) throw new Error('No event.');
        for (const path of parsed.drift) logger.warn('drift', { path });
        const { signal } = new AbortController();
        const common = {
          attempt: 1,
          idempotencyKey: 'evt_1',
          replayed: false,
          reconciled: false,
          drift: parsed.drift,
        };
        await (handler as AnyHandler)(parsed.event, {
          ...common,
          logger,
          signal,
          remainingTime: () => 1_000,
        });
        expect(lines.length).toBe(parsed.drift.length + linesOfItsOwn);
        for (const line of lines) {
          expect(line).toMatch(/^[\x20-\x7e]{1,8191}\n$/);
          expect(line).not.toContain(marker);
          expect(JSON.parse(line)).toMatchObject({ message: expect.any(String) });
        }
      }),
      { numRuns: 200 },
    );
  });
}
