import { unrouted } from '../../lambda/handlers/define-handlers.ts';
import type { Handler } from '../../lambda/handlers/handler.ts';
import type { EventType } from '../../lambda/zavu/catalogue.ts';
import { handlers } from './handlers.ts';

/** The handlers of a worker of the tests' own table, by their event types. */
export async function modulesOf(worker: string): Promise<Record<string, Handler<never>>> {
  const modules = handlers.routes.typesOf(worker).map(async (type) => {
    const entry = handlers.entries[type as EventType];
    return entry === unrouted ? [] : [[type, (await entry.load()).handler as Handler<never>] as const];
  });
  return Object.fromEntries((await Promise.all(modules)).flat());
}
