import type { Handler } from '../../../../lambda/handlers/handler.ts';
import { createHandlerLogger } from '../../../../lambda/handlers/logger.ts';
import type { EventType } from '../../../../lambda/zavu/catalogue.ts';
import type { EventOf } from '../../../../lambda/zavu/event.ts';
import { sample } from '../../../../lambda/zavu/samples.ts';

/**
 * Runs a handler on the sample of a type.
 *
 * @param changes to the sample's data, which may be of any kind
 * @returns what it logged
 */
export async function linesOf<Type extends EventType>(
  type: Type,
  handler: Handler<Type>,
  changes: object = {},
): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const event: EventOf<Type> = JSON.parse(sample(type));
  Object.assign(event.data, changes);
  await handler(event, {
    attempt: 1,
    idempotencyKey: event.id,
    replayed: false,
    reconciled: false,
    drift: [],
    logger: createHandlerLogger({}, (line) => lines.push(line)),
    signal: new AbortController().signal,
    remainingTime: () => 1_000,
  });
  return lines.map((line) => JSON.parse(line));
}
